using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.X509;

namespace Perennial.Rolling.Forecasts;

/// <summary>
/// Says who would be refused at a moment to come if nothing was rolled: from the chains that devices were last accepted with, by the attestation
/// function itself, asked as of that moment.
/// </summary>
/// <param name="chains">The chains of the fleet.</param>
/// <param name="enrollments">The enrollments.</param>
/// <param name="attestation">The attestation function.</param>
/// <param name="clockSkew">How far past its end a certificate is accepted.</param>
/// <param name="time">The clock.</param>
public sealed class ForecastExpiry(
    IPresentedChains chains, IEnrollmentStore enrollments, DeviceAttestation attestation, TimeSpan clockSkew, TimeProvider time)
{
    private const int Batch = 1000;

    private static readonly Dictionary<RegistrationId, EnrollmentCandidates> None = [];

    public async Task<ExpiryForecast> RunAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (now, tally) = (time.GetUtcNow(), new ExpiryTally());
        var (endedNow, endedThen) = (Ended(now), Ended(at));
        foreach (var lots in (await chains.CountAsync(endedNow, cancellationToken)).GroupBy(lot => lot.Class))
        {
            await AddClassAsync(tally, [.. lots], now, at, endedThen, cancellationToken);
        }

        IReadOnlyList<PresentedChain> part = [];
        do
        {
            part = await chains.ListAloneAsync(andEnrolled: true, part.Count > 0 ? part[^1].Device.Value : null, Batch, cancellationToken);
            var known = part.Count > 0 ? await chains.FindIndividualsAsync(part[0].Device, part[^1].Device, cancellationToken) : None;
            await AddEachAsync(tally, part, known, now, at, cancellationToken);
        }
        while (part.Count == Batch);
        return tally.ToForecast(at);
    }

    // What ends before this is refused at that moment.
    private DateTimeOffset Ended(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond)) - clockSkew;

    // All of a class are judged alike, but for the end of their own leaf: the longest-living one tells what the others are told while theirs is valid.
    private async Task AddClassAsync(
        ExpiryTally tally, IReadOnlyList<ChainLot> lots, DateTimeOffset now, DateTimeOffset at, DateTimeOffset endedThen, CancellationToken cancellationToken)
    {
        var last = lots.MaxBy(lot => lot.LastDay)!;
        if (await chains.FindLongestAsync(last, cancellationToken) is not { } longest)
        {
            return;
        }

        var judged = await LookAsync(longest, known: null, now, at, cancellationToken);
        if (judged.DependsOnNames)
        {
            await AddOneByOneAsync(tally, lots, now, at, cancellationToken);
            return;
        }

        if (judged.Now is not AttestationVerdict.Accepted accepted)
        {
            return;
        }

        var (devices, leafEnded) = (lots.Sum(lot => lot.Devices - lot.Ended), 0L);
        foreach (var hub in lots.DistinctBy(lot => lot.Hub))
        {
            leafEnded += await chains.CountAsync(new LotRange(hub.Class, hub.Hub, Ended(now), endedThen), cancellationToken);
        }

        var refusal = (judged.Then as AttestationVerdict.Refused)?.Refusal;
        var others = refusal is not null && longest.Chain.Leaf.NotAfter >= endedThen ? devices - leafEnded : 0;
        tally.Add(accepted.Enrollment.Key, devices, leafEnded, others, others > 0 ? refusal : null);
        tally.Note(new Refusal(CertificateRefusals.Expired, $"The certificates of {leafEnded} devices below '{longest.Chain.Leaf.Issuer.Text}' will have ended."), leafEnded);
    }

    private async Task AddOneByOneAsync(ExpiryTally tally, IReadOnlyList<ChainLot> lots, DateTimeOffset now, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (var hub in lots.DistinctBy(lot => lot.Hub))
        {
            var range = new LotRange(hub.Class, hub.Hub, Ended(now), DateTimeOffset.MaxValue);
            SeenDevice? after = null;
            IReadOnlyList<PresentedChain> part;
            do
            {
                part = await chains.ListChainsAsync(range, after, Batch, cancellationToken);
                await AddEachAsync(tally, part, None, now, at, cancellationToken);
                after = part.Count > 0 ? new SeenDevice(part[^1].Device.Value, part[^1].Chain.Leaf.NotAfter, range.Hub) : null;
            }
            while (part.Count == Batch);
        }
    }

    private async Task AddEachAsync(
        ExpiryTally tally,
        IReadOnlyList<PresentedChain> part,
        IReadOnlyDictionary<RegistrationId, EnrollmentCandidates> known,
        DateTimeOffset now,
        DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        var judged = new (AttestationVerdict? Now, AttestationVerdict? Then, bool)[part.Count];
        await Parallel.ForAsync(0, part.Count, cancellationToken, async (i, stop) => judged[i] = await LookAsync(part[i], known.GetValueOrDefault(part[i].Device), now, at, stop));
        for (var i = 0; i < part.Count; i++)
        {
            if (judged[i].Now is AttestationVerdict.Accepted accepted)
            {
                var refusal = (judged[i].Then as AttestationVerdict.Refused)?.Refusal;
                var isLeaf = refusal?.Reason == CertificateRefusals.Expired;
                tally.Add(accepted.Enrollment.Key, 1, isLeaf ? 1 : 0, refusal is not null && !isLeaf ? 1 : 0, refusal);
            }
        }
    }

    private async Task<(AttestationVerdict? Now, AttestationVerdict? Then, bool DependsOnNames)> LookAsync(
        PresentedChain presented, EnrollmentCandidates? known, DateTimeOffset now, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!Authenticate.TryByCertificate(presented.Device, presented.Chain, out var device, out _))
        {
            return (null, null, false);
        }

        var candidates = known ?? await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken);
        var authorities = candidates.Groups.SelectMany(group => group.Mechanism.Certificates).Select(filled => filled.Certificate).Concat(presented.Chain.Issuers);
        return (attestation.Attest(device, candidates, now), attestation.Attest(device, candidates, at), authorities.Any(authority => authority.ConstrainsNames));
    }
}
