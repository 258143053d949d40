using Perennial.Provisioning;
using Perennial.Rolling.Impact;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>What a change would do, in numbers and the first names.</summary>
internal sealed class ShowImpact(PreviewImpact preview)
{
    private const int NamesShown = 20;

    private static readonly ImpactOutcome[] Losses = [ImpactOutcome.LosesAtOnce, ImpactOutcome.Drains, ImpactOutcome.LosesAtRegistration, ImpactOutcome.LosesEarlier];

    public async Task<ImpactModel> RunAsync(TrustChange change, CancellationToken cancellationToken)
    {
        var summary = await preview.RunAsync(change, cancellationToken);
        var losing = new List<ImpactedDevice>();
        foreach (var outcome in summary.Counts.Losing > 0 ? Losses : [])
        {
            var page = await preview.ListAsync(change, outcome, new PageRequest(null, NamesShown), cancellationToken);
            losing.AddRange(page?.Items.Take(NamesShown - losing.Count) ?? []);
        }

        return new ImpactModel(summary, losing);
    }
}
