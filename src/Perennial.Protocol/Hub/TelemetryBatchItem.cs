namespace Perennial.Protocol.Hub;

/// <summary>One message of a batch as it stands in the JSON.</summary>
internal sealed class TelemetryBatchItem
{
    public string? Body { get; init; }

    public bool? Base64Encoded { get; init; }

    public Dictionary<string, string?>? Properties { get; init; }
}
