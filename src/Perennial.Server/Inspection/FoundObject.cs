using Perennial.X509;

namespace Perennial.Server.Inspection;

/// <summary>One thing that was found in a file: what it is, and what it says, in lines.</summary>
/// <param name="Kind">What it is, in words.</param>
/// <param name="Lines">Names and values in their order.</param>
/// <param name="Certificate">The certificate, when it is one.</param>
internal sealed record FoundObject(string Kind, IReadOnlyList<KeyValuePair<string, string>> Lines, Certificate? Certificate = null)
{
    public static FoundObject Of(string kind, params KeyValuePair<string, string>[] lines) => new(kind, lines);

    /// <summary>What is refused, and what mends it.</summary>
    public static KeyValuePair<string, string> Refused(Refusal refusal) =>
        new("refused", $"{refusal.Reason.Number} {refusal.Reason.Title} {refusal.Detail} {refusal.Reason.Remedy}");
}
