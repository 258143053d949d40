namespace Perennial.Server.Storage.Sql;

/// <summary>The properties of a message as they are kept.</summary>
internal sealed record TelemetryProperties
{
    public IReadOnlyDictionary<string, string?>? System { get; init; }

    public IReadOnlyDictionary<string, string?>? Application { get; init; }
}
