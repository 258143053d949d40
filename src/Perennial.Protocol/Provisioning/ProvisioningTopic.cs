using System.Diagnostics.CodeAnalysis;

namespace Perennial.Protocol.Provisioning;

/// <summary>A topic a provisioning client publishes to.</summary>
/// <remarks>Source: dps-protocol §1.4, §1.5.</remarks>
public abstract record ProvisioningTopic
{
    /// <summary>The longest topic that is read.</summary>
    public const int MaxLength = 1024;

    /// <summary>The longest request id that is echoed.</summary>
    public const int MaxRequestIdLength = 256;

    private const string RegisterPrefix = "$dps/registrations/PUT/iotdps-register/";
    private const string PollPrefix = "$dps/registrations/GET/iotdps-get-operationstatus/";

    private ProvisioningTopic(string requestId) => RequestId = requestId;

    /// <summary>The value of <c>$rid</c> exactly as received, to be echoed byte for byte.</summary>
    public string RequestId { get; }

    /// <summary>Reads a topic.</summary>
    /// <param name="text">The topic as received.</param>
    /// <param name="topic">The topic, when it is one of the two and has a request id.</param>
    /// <returns>Whether it is.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ProvisioningTopic? topic)
    {
        topic = null;
        if (text is null || text.Length > MaxLength)
        {
            return false;
        }

        if (text.StartsWith(RegisterPrefix, StringComparison.Ordinal))
        {
            var query = new WireQuery(text.AsSpan(RegisterPrefix.Length));
            topic = RequestIdOf(query) is { } rid ? new Register(rid) : null;
        }
        else if (text.StartsWith(PollPrefix, StringComparison.Ordinal))
        {
            var query = new WireQuery(text.AsSpan(PollPrefix.Length));
            topic = RequestIdOf(query) is { } rid && query.Find("operationId") is { Length: > 0 } operation ? new Poll(rid, operation) : null;
        }

        return topic is not null;
    }

    /// <summary>Writes the topic.</summary>
    /// <returns>The text that <see cref="TryParse"/> reads.</returns>
    public abstract string Format();

    private static string? RequestIdOf(WireQuery query) =>
        query.TryGetRaw("$rid", out var rid) && rid.Length is > 0 and <= MaxRequestIdLength ? rid.ToString() : null;

    /// <summary>Asks to be registered.</summary>
    public sealed record Register : ProvisioningTopic
    {
        /// <summary>Makes the topic.</summary>
        /// <param name="requestId">The raw request id.</param>
        public Register(string requestId)
            : base(requestId)
        {
        }

        /// <inheritdoc/>
        public override string Format() => $"{RegisterPrefix}?$rid={RequestId}";
    }

    /// <summary>Asks how a registration goes on.</summary>
    public sealed record Poll : ProvisioningTopic
    {
        /// <summary>Makes the topic.</summary>
        /// <param name="requestId">The raw request id.</param>
        /// <param name="operationId">The operation asked for.</param>
        public Poll(string requestId, string operationId)
            : base(requestId) => OperationId = operationId;

        /// <summary>The operation asked for, decoded.</summary>
        public string OperationId { get; }

        /// <inheritdoc/>
        public override string Format() => $"{PollPrefix}?$rid={RequestId}&operationId={Uri.EscapeDataString(OperationId)}";
    }
}
