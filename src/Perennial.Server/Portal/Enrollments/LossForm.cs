using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>Who would take access from devices types how many they are, and why.</summary>
internal static class LossForm
{
    public const string Count = "count";

    public const string Why = "why";

    /// <summary>Says, in a form, that its sender was shown whom the change touches.</summary>
    public const string Seen = "seen";

    /// <summary>Whether it is still to be shown whom the change touches: it touches somebody, and the form comes from a page that did not say whom.</summary>
    public static bool IsToBeShown(IFormCollection form, ImpactModel impact)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(impact);
        return form[Seen] != "yes" && impact.Counts.Concerned > 0;
    }

    /// <summary>What is missing before the change may be made; null when nothing is.</summary>
    public static string? FaultOf(IFormCollection form, ImpactModel impact)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(impact);
        return impact.Counts.Losing is > 0 and var losing ? FaultOf(form, losing, "would lose access") : null;
    }

    /// <summary>What is missing where this many are touched; null when nothing is.</summary>
    /// <param name="form">What was sent.</param>
    /// <param name="number">How many.</param>
    /// <param name="fate">What becomes of them.</param>
    public static string? FaultOf(IFormCollection form, long number, string fate)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form[Count].ToString().Trim() != number.ToString(CultureInfo.InvariantCulture) ? $"Nothing was done. {number} {fate}: type this number to go on."
            : string.IsNullOrWhiteSpace(form[Why]) ? "Nothing was done. Say why, for the record."
            : null;
    }

    /// <summary>What the audit trail keeps beside the change; null when nobody lost anything.</summary>
    public static string? NoteOf(IFormCollection form, ImpactModel? impact, string change) => impact is null or { Counts.Losing: 0 }
        ? null
        : NoteOf(form, string.Create(CultureInfo.InvariantCulture, $"{change}: {impact.Counts.Losing} lose access"));

    /// <summary>What the audit trail keeps: what was accepted, and why.</summary>
    public static string NoteOf(IFormCollection form, string accepted)
    {
        ArgumentNullException.ThrowIfNull(form);
        return $"{accepted}: {Shortened(form[Why].ToString().Trim())}";
    }

    private static string Shortened(string text) => text.Length <= 500 ? text : text[..500];
}
