using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Perennial.Protocol.Hub;

/// <summary>A topic a hub client publishes to. Names are compared with case; device ids are not percent-encoded.</summary>
/// <remarks>Source: hub-protocol §1.3.</remarks>
public abstract record HubTopic
{
    /// <summary>The longest topic, set by MQTT.</summary>
    public const int MaxLength = 65535;

    /// <summary>The longest request id that is echoed.</summary>
    public const int MaxRequestIdLength = 256;

    private const string TwinGetPrefix = "$iothub/twin/GET/";
    private const string ReportedPrefix = "$iothub/twin/PATCH/properties/reported/";
    private const string MethodPrefix = "$iothub/methods/res/";
    private const string CertificatePrefix = "$iothub/credentials/POST/issueCertificate/";

    private HubTopic()
    {
    }

    /// <summary>Reads a topic.</summary>
    /// <param name="text">The topic as received.</param>
    /// <param name="topic">The topic, when it is one of the known; any other is foreign and ends the connection.</param>
    /// <returns>Whether it is known.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out HubTopic? topic)
    {
        topic = text switch
        {
            null or { Length: > MaxLength } => null,
            _ when text.StartsWith(TwinGetPrefix, StringComparison.Ordinal) => ReadTwinGet(text.AsSpan(TwinGetPrefix.Length)),
            _ when text.StartsWith(ReportedPrefix, StringComparison.Ordinal) => ReadReported(text.AsSpan(ReportedPrefix.Length)),
            _ when text.StartsWith(MethodPrefix, StringComparison.Ordinal) => ReadMethod(text.AsSpan(MethodPrefix.Length)),
            _ when text.StartsWith(CertificatePrefix, StringComparison.Ordinal) => ReadCertificate(text.AsSpan(CertificatePrefix.Length)),
            _ => HubTelemetryTopic.Read(text),
        };
        return topic is not null;
    }

    /// <summary>Writes the topic as a client does.</summary>
    /// <returns>The text that <see cref="TryParse"/> reads.</returns>
    public abstract string Format();

    private static HubTopic ReadTwinGet(ReadOnlySpan<char> rest) =>
        RequestIdOf(new WireQuery(rest)) is { } rid ? new TwinGet(rid) : new Unanswerable();

    private static HubTopic ReadReported(ReadOnlySpan<char> rest)
    {
        var query = new WireQuery(rest);
        if (RequestIdOf(query) is not { } rid)
        {
            return new Unanswerable();
        }

        // A version that is no number is a precondition that cannot hold.
        long? version = !query.TryGetRaw("$version", out var raw) ? null
            : long.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        return new TwinReported(rid, version);
    }

    private static HubTopic? ReadMethod(ReadOnlySpan<char> rest)
    {
        var slash = rest.IndexOf('/');
        if (slash < 0 || !int.TryParse(rest[..slash], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var status))
        {
            return null;
        }

        return RequestIdOf(new WireQuery(rest[(slash + 1)..])) is { } rid ? new MethodResponse(status, rid) : new Unanswerable();
    }

    private static HubTopic ReadCertificate(ReadOnlySpan<char> rest) =>
        RequestIdOf(new WireQuery(rest)) is { } rid ? new CertificateRequest(rid) : new Unanswerable();

    private static string? RequestIdOf(WireQuery query) =>
        query.TryGetRaw("$rid", out var rid) && rid.Length is > 0 and <= MaxRequestIdLength ? rid.ToString() : null;

    /// <summary>A message from the device, <c>devices/{d}/messages/events/{bag}</c>.</summary>
    /// <param name="DeviceId">The device named in the topic; must be the authenticated one.</param>
    /// <param name="ModuleId">The module named in the topic, or null.</param>
    /// <param name="Properties">The property bag.</param>
    public sealed record Telemetry(DeviceId DeviceId, string? ModuleId, MessageProperties Properties) : HubTopic
    {
        /// <inheritdoc/>
        public override string Format() => HubTelemetryTopic.Format(this);
    }

    /// <summary>Asks for the twin.</summary>
    /// <param name="RequestId">The value of <c>$rid</c>, raw, to be echoed byte for byte.</param>
    public sealed record TwinGet(string RequestId) : HubTopic
    {
        /// <inheritdoc/>
        public override string Format() => $"{TwinGetPrefix}?$rid={RequestId}";
    }

    /// <summary>Changes reported properties.</summary>
    /// <param name="RequestId">The value of <c>$rid</c>, raw.</param>
    /// <param name="Version">The reported version the change is made against, or null for any; -1 never matches.</param>
    public sealed record TwinReported(string RequestId, long? Version) : HubTopic
    {
        /// <inheritdoc/>
        public override string Format() => Version is { } version
            ? string.Create(CultureInfo.InvariantCulture, $"{ReportedPrefix}?$rid={RequestId}&$version={version}")
            : $"{ReportedPrefix}?$rid={RequestId}";
    }

    /// <summary>Asks for a certificate.</summary>
    /// <param name="RequestId">The value of <c>$rid</c>, raw.</param>
    public sealed record CertificateRequest(string RequestId) : HubTopic
    {
        /// <inheritdoc/>
        public override string Format() => $"{CertificatePrefix}?$rid={RequestId}";
    }

    /// <summary>Answers a direct method.</summary>
    /// <param name="Status">The status the device's code chose.</param>
    /// <param name="RequestId">The request id the hub chose.</param>
    public sealed record MethodResponse(int Status, string RequestId) : HubTopic
    {
        /// <inheritdoc/>
        public override string Format() => string.Create(CultureInfo.InvariantCulture, $"{MethodPrefix}{Status}/?$rid={RequestId}");
    }

    /// <summary>A known topic without a request id: acknowledged, and otherwise passed over, since nothing could be answered.</summary>
    public sealed record Unanswerable : HubTopic
    {
        /// <inheritdoc/>
        public override string Format() => TwinGetPrefix;
    }
}
