using Perennial.X509;

namespace Perennial.Server.Limits;

/// <summary>The refusals of limits; each has a page <c>docs/refusals/{number}.md</c>.</summary>
internal static class LimitRefusals
{
    public static RefusalReason RateExceeded { get; } = new(
        7001,
        "rate-exceeded",
        "More requests of this kind came than the configured limit allows.",
        "Let the peer wait as long as it is told, or raise the limit in instance.json.");

    public static Refusal Rate(Enum operation, TimeSpan wait) =>
        new(RateExceeded, $"{operation}: the next may pass in {wait.TotalSeconds:0.0} s.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } = [RateExceeded];
}
