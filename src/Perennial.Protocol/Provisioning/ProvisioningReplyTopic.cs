using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Perennial.Protocol.Provisioning;

/// <summary>The topic of a reply: <c>$dps/registrations/res/{status}/?$rid={rid}[&amp;retry-after={seconds}]</c>.</summary>
/// <remarks>
/// <c>$rid</c> comes first and nothing but <c>retry-after</c> follows, since clients match the text with a regular expression.
/// Source: dps-protocol §1.6.
/// </remarks>
public sealed record ProvisioningReplyTopic
{
    /// <summary>The one filter a provisioning client may subscribe to.</summary>
    public const string Filter = "$dps/registrations/res/#";

    private const string Prefix = "$dps/registrations/res/";

    /// <summary>Makes a reply topic.</summary>
    /// <param name="status">The HTTP-like status.</param>
    /// <param name="requestId">The request id exactly as the client wrote it.</param>
    /// <param name="retryAfter">
    /// How long the client should wait; kept for status 202 and 429 only, in whole seconds, never less than <see cref="RetryAfter.Shortest"/>
    /// nor more than <see cref="RetryAfter.Longest"/>.
    /// </param>
    public ProvisioningReplyTopic(int status, string requestId, TimeSpan? retryAfter = null)
    {
        Status = status;
        RequestId = requestId;
        RetryAfter = status is 202 or 429 && retryAfter is { } wait ? Provisioning.RetryAfter.Clamp(wait) : null;
    }

    /// <summary>The HTTP-like status.</summary>
    public int Status { get; }

    /// <summary>The request id, raw.</summary>
    public string RequestId { get; }

    /// <summary>How long the client should wait, in whole seconds.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Reads a reply topic, as a client does.</summary>
    /// <param name="text">The topic as received.</param>
    /// <param name="topic">The reply topic, when it is one.</param>
    /// <returns>Whether it is.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ProvisioningReplyTopic? topic)
    {
        topic = null;
        if (text is null || text.Length > ProvisioningTopic.MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text.AsSpan(Prefix.Length);
        var slash = rest.IndexOf('/');
        if (slash < 0 || !int.TryParse(rest[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            return false;
        }

        var query = new WireQuery(rest[(slash + 1)..]);
        if (!query.TryGetRaw("$rid", out var rid) || rid.Length is 0 or > ProvisioningTopic.MaxRequestIdLength)
        {
            return false;
        }

        int? seconds = query.TryGetRaw("retry-after", out var raw)
            && int.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        topic = new ProvisioningReplyTopic(status, rid.ToString(), seconds is { } s ? TimeSpan.FromSeconds(s) : null);
        return true;
    }

    /// <summary>Writes the topic.</summary>
    /// <returns>The text to publish to.</returns>
    public string Format() => RetryAfter is { } wait
        ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Status}/?$rid={RequestId}&retry-after={(int)wait.TotalSeconds}")
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Status}/?$rid={RequestId}");
}
