using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Perennial.Protocol.Hub.Credentials;

/// <summary>The topics by which a connected device asks its hub for a certificate. Source: hub-protocol §7.1.</summary>
public static class CredentialTopic
{
    /// <summary>The filter of the answers.</summary>
    public const string Answers = "$iothub/credentials/res/#";

    /// <summary>The shortest request id.</summary>
    public const int MinRequestIdLength = 4;

    /// <summary>The longest request id.</summary>
    public const int MaxRequestIdLength = 36;

    private const string RequestPrefix = "$iothub/credentials/POST/issueCertificate/?$rid=";
    private const string AnswerPrefix = "$iothub/credentials/res/";
    private const string AnswerQuery = "/?$rid=";

    /// <summary>Whether a text may be a request id: 4 to 36 ASCII letters, digits and dashes, no dash at either end.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it may.</returns>
    public static bool IsRequestId([NotNullWhen(true)] string? text) =>
        text is { Length: >= MinRequestIdLength and <= MaxRequestIdLength }
        && text[0] != '-' && text[^1] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>The topic of a request.</summary>
    /// <param name="requestId">The request id.</param>
    /// <returns>The topic.</returns>
    public static string FormatRequest(string requestId) => RequestPrefix + requestId;

    /// <summary>Reads the topic of a request.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="requestId">Its request id, when the answer is true.</param>
    /// <returns>Whether it is such a topic with a lawful request id.</returns>
    public static bool TryParseRequest(string? topic, [NotNullWhen(true)] out string? requestId)
    {
        requestId = topic?.StartsWith(RequestPrefix, StringComparison.Ordinal) == true ? topic[RequestPrefix.Length..] : null;
        return IsRequestId(requestId);
    }

    /// <summary>The topic of an answer; nothing may follow the request id.</summary>
    /// <param name="status">202, 200, or the first three digits of the error code.</param>
    /// <param name="requestId">The request id.</param>
    /// <returns>The topic.</returns>
    public static string FormatAnswer(int status, string requestId) =>
        string.Create(CultureInfo.InvariantCulture, $"{AnswerPrefix}{status}{AnswerQuery}{requestId}");

    /// <summary>Reads the topic of an answer.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="status">Its status.</param>
    /// <param name="requestId">Its request id, when the answer is true.</param>
    /// <returns>Whether it is such a topic.</returns>
    public static bool TryParseAnswer(string? topic, out int status, [NotNullWhen(true)] out string? requestId)
    {
        status = 0;
        requestId = null;
        if (topic?.StartsWith(AnswerPrefix, StringComparison.Ordinal) != true)
        {
            return false;
        }

        var query = topic.IndexOf(AnswerQuery, AnswerPrefix.Length, StringComparison.Ordinal);
        if (query < 0 || !int.TryParse(topic.AsSpan(AnswerPrefix.Length, query - AnswerPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out status))
        {
            return false;
        }

        requestId = topic[(query + AnswerQuery.Length)..];
        return requestId.Length > 0;
    }
}
