using System.Globalization;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>Says whom it would cost access to disable or delete many enrollments.</summary>
internal sealed class PreviewMany(IEnrollmentStore enrollments, ShowImpact impact, TimeProvider time)
{
    /// <summary>Enrollments that are looked at.</summary>
    public const int Most = 1000;

    private const int NamesShown = 20;

    /// <param name="keys">The enrollments, of one kind.</param>
    /// <param name="act">What is done to them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null when the act takes access from nobody, or when they are more than <see cref="Most"/>.</returns>
    public async Task<ImpactModel?> RunAsync(IReadOnlyList<EnrollmentKey> keys, string act, CancellationToken cancellationToken)
    {
        if (act == "enable" || keys.Count > Most)
        {
            return null;
        }

        var (counts, losing) = (new ImpactCounts(), new List<ImpactedDevice>());
        foreach (var change in await ChangesAsync(keys, act, cancellationToken))
        {
            var found = await impact.RunAsync(change, cancellationToken);
            counts = counts.Plus(found.Counts);
            losing.AddRange(found.Losing.Take(NamesShown - losing.Count));
        }

        return new ImpactModel(new ImpactSummary(SentenceOf(act, keys.Count), time.GetUtcNow(), counts, [], []), losing);
    }

    /// <summary>What is done, for people.</summary>
    public static string SentenceOf(string act, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{act} {count} enrollment{(count == 1 ? "" : "s")}");

    // Each individual enrollment decides about a device of its own; a device that loses one group may be taken by another, unless that goes too.
    private async Task<IReadOnlyList<TrustChange>> ChangesAsync(IReadOnlyList<EnrollmentKey> keys, string act, CancellationToken cancellationToken)
    {
        var areGroups = keys is [{ Kind: EnrollmentKind.Group }, ..];
        if (act == "delete")
        {
            return areGroups ? [Change(ProposedEnrollments.Deleted(keys))] : [.. keys.Select(key => Change(ProposedEnrollments.Deleted(key)))];
        }

        var disabled = new List<Enrollment>();
        foreach (var key in keys)
        {
            if (await enrollments.FindAsync(key, cancellationToken) is { IsEnabled: true } enrollment)
            {
                disabled.Add(enrollment with { IsEnabled = false });
            }
        }

        return areGroups ? [Change(ProposedEnrollments.Saved(disabled))] : [.. disabled.Select(enrollment => Change(ProposedEnrollments.Saved(enrollment)))];

        TrustChange Change(ProposedEnrollments proposed) => new(SentenceOf(act, keys.Count), proposed);
    }
}
