using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;

namespace Perennial.Server.Hubs;

/// <summary>
/// Says, before identities of a hub are changed, what it would do to their devices: by the hub's own check, of what each device was last
/// accepted with.
/// </summary>
/// <param name="shown">What devices were accepted with.</param>
/// <param name="enrollments">The enrollments, which have a part in how long an identity that follows one is accepted.</param>
/// <param name="clockSkew">How far past its end a certificate is accepted.</param>
/// <param name="time">The clock.</param>
internal sealed class PreviewIdentities(ShownCredentials shown, IEnrollmentStore enrollments, TimeSpan clockSkew, TimeProvider time)
{
    private readonly TimeSpan _skew = clockSkew > CheckCertificate.ClockSkew ? clockSkew : CheckCertificate.ClockSkew;

    public async Task<IdentityImpact> RunAsync(CheckedHub hub, IReadOnlyList<IdentityChange> changes, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var devices = new List<ImpactedDevice>();
        foreach (var change in changes)
        {
            if (await JudgeAsync(hub, change, at, cancellationToken) is { } judged)
            {
                devices.Add(judged);
            }
        }

        var sentence = changes is [var one] ? one.Sentence : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"change {changes.Count} identities");
        return new IdentityImpact(ImpactSummary.Of($"{sentence} of the hub '{hub.HostName}'", at, devices), devices);
    }

    // What the hub takes as things are counts; where it takes nothing, what the device showed last. A key that nothing holds any more says nothing: the
    // device may hold the next one.
    private async Task<ImpactedDevice?> JudgeAsync(CheckedHub hub, IdentityChange change, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var owner = change.Id.IsModule ? await hub.Devices.FindAsync(change.Id.Owner, cancellationToken) : null;
        List<ChainJudgement>? last = null;
        DateTimeOffset leafEnd = default;
        foreach (var credentials in await shown.FindAsync(hub, change, cancellationToken))
        {
            var judged = new List<ChainJudgement>();
            foreach (var credential in credentials)
            {
                judged.Add(await JudgeAsync(hub, change, owner, credential, at, cancellationToken));
            }

            var isTaken = judged.Exists(judgement => judgement.Before is not null);
            if (last is null || isTaken)
            {
                (last, leafEnd) = (judged, credentials is [PresentedCredential.ByCertificate { Chain.Leaf.NotAfter: var end }] ? end : DateTimeOffset.MaxValue);
            }

            if (isTaken)
            {
                break;
            }
        }

        return last is null or [] ? Unknown(change) : Agreed(change, last, leafEnd);
    }

    private static ImpactedDevice Unknown(IdentityChange change) => new(change.Id.Value, ImpactOutcome.Unknown, null, null);

    // Whichever key it was: where they differ, nothing is said.
    private static ImpactedDevice? Agreed(IdentityChange change, List<ChainJudgement> judged, DateTimeOffset leafEnd)
    {
        var outcomes = judged.Select(judgement => judgement.OutcomeFor(leafEnd, HubTerms.Enrollment)).Distinct().ToList();
        if (outcomes.Count > 1)
        {
            return Unknown(change);
        }

        var end = judged[0].EndFor(leafEnd, HubTerms.Enrollment);
        return outcomes[0] is { } outcome
            ? new ImpactedDevice(change.Id.Value, outcome, end < DateTimeOffset.MaxValue ? end : null, judged[0].Refusal)
            : null;
    }

    private async Task<ChainJudgement> JudgeAsync(
        CheckedHub hub, IdentityChange change, DeviceIdentity? owner, PresentedCredential credential, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var turns = await TurnsAsync(change, credential, at, cancellationToken);
        var (before, after) = (await CheckAsync(change.Before, at), await CheckAsync(change.After, at));
        return new ChainJudgement(
            await EndAsync(change.Before, before), await EndAsync(change.After, after), (after as DeviceVerdict.Refused)?.Refusal)
        {
            IsDrainedBefore = before is DeviceVerdict.Refused { Drained: not null },
            IsDrainedAfter = after is DeviceVerdict.Refused { Drained: not null },
        };

        Task<DeviceVerdict> CheckAsync(DeviceIdentity? identity, DateTimeOffset when) =>
            hub.Authenticate.JudgeAsync(change.Id, identity, change.Id.IsModule ? owner : identity, credential, when, cancellationToken);

        async Task<DateTimeOffset?> EndAsync(DeviceIdentity? identity, DeviceVerdict verdict)
        {
            if (verdict is not DeviceVerdict.Accepted)
            {
                return null;
            }

            foreach (var (end, look) in turns)
            {
                if (await CheckAsync(identity, look) is DeviceVerdict.Refused)
                {
                    return end;
                }
            }

            return DateTimeOffset.MaxValue;
        }
    }

    // A live connection's token ends too, and the device makes another: only certificates have an end.
    private async Task<IReadOnlyList<(DateTimeOffset Last, DateTimeOffset Look)>> TurnsAsync(
        IdentityChange change, PresentedCredential credential, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (credential is not PresentedCredential.ByCertificate { Chain: var chain })
        {
            return [];
        }

        var certificates = chain.Issuers.Append(chain.Leaf);
        if (change is { Before.Credential: DeviceCredential.FollowsEnrollment { RegistrationId: var name } } && RegistrationId.TryParse(name, out var id))
        {
            var candidates = await enrollments.FindCandidatesAsync(id, new DeviceProof.ByCertificate(chain), cancellationToken);
            certificates = certificates.Concat(candidates.Certificates);
        }

        return ChainTurns.Of(certificates.DistinctBy(certificate => certificate.Thumbprint), _skew, at);
    }
}
