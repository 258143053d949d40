namespace Perennial.Server.Storage;

/// <summary>Remembers what the links of hubs were, so that a change to their file, whoever made it, gets its audit row.</summary>
internal interface ILinkLedger
{
    /// <summary>Compares with what was recorded last, and records each difference with an audit row, in one transaction.</summary>
    Task RecordAsync(IReadOnlyList<LinkPrint> links, string actor, CancellationToken cancellationToken);
}
