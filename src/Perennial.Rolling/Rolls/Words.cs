using System.Globalization;

namespace Perennial.Rolling.Rolls;

/// <summary>How findings and halts say numbers and times.</summary>
internal static class Words
{
    public static string Devices(long count) => Say($"{count} {(count == 1 ? "device" : "devices")}");

    /// <summary>The form of a verb, or of a noun, that goes with so many.</summary>
    public static string Of(long count, string one, string many) => count == 1 ? one : many;

    public static string Time(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => Say($"{time.TotalDays:0.#} days"),
        { TotalHours: >= 2 } => Say($"{time.TotalHours:0.#} hours"),
        { TotalMinutes: >= 2 } => Say($"{time.TotalMinutes:0.#} minutes"),
        _ => Say($"{time.TotalSeconds:0.#} s"),
    };

    public static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
