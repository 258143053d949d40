namespace Perennial.Server.Imports;

/// <summary>Where devices are imported to: the service API of a server that runs.</summary>
internal interface IImportTarget
{
    /// <summary>Enrolls the device of a row, unless it is there already.</summary>
    /// <exception cref="HttpRequestException">The server cannot be reached, or does not let this in.</exception>
    Task<ImportResult> EnrollAsync(ImportRow row, CancellationToken cancellationToken);
}
