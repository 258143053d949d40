using System.Security.Cryptography;
using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Sightings;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Hubs;

/// <summary>
/// What the device of an identity was accepted with, the latest first: its live connection, then what this hub and the provisioning service
/// accepted. Of a token it is not kept which key signed it; then it is one of several credentials: keys of the identity as it stands, or, where the
/// identity follows an enrollment, those that the key in its slot makes. None of them when no enrollment holds that key any more.
/// </summary>
internal sealed class ShownCredentials(ISightingStore sightings, PresentedStore presented, JudgeChain judge)
{
    public async Task<IReadOnlyList<IReadOnlyList<PresentedCredential>>> FindAsync(
        CheckedHub hub, IdentityChange change, CancellationToken cancellationToken)
    {
        var identity = change.Standing;
        var found = new List<IReadOnlyList<PresentedCredential>>();
        if (hub.Sessions.Find(identity.Id) is { Verdict.ObtainsOnly: false } live)
        {
            found.Add([live.Verdict.Presented]);
        }

        foreach (var seen in await ListAsync(hub, identity, cancellationToken))
        {
            IReadOnlyList<PresentedCredential>? shown;
            if (seen.Chain.Count == 0)
            {
                shown = await KeysAsync(seen, change.Before?.Credential, cancellationToken);
            }
            else
            {
                var known = await presented.FindAsync(seen.Chain, cancellationToken);
                if (known.Count < seen.Chain.Count && (IsOfChains(hub, change.Before) || IsOfChains(hub, change.After)))
                {
                    // Of a pinned leaf the certificates above it need not be kept: of this chain nothing can be told, and what came before it is past.
                    break;
                }

                shown = ChainOf(seen, known);
            }

            if (shown is not null)
            {
                found.Add(shown);
            }
        }

        return found;
    }

    private async Task<IEnumerable<SightingRecord>> ListAsync(CheckedHub hub, DeviceIdentity identity, CancellationToken cancellationToken)
    {
        IEnumerable<SightingRecord> seen = await sightings.ListAsync(identity.Id.Value, cancellationToken);
        if (identity.Credential is DeviceCredential.FollowsEnrollment { RegistrationId: var registration }
            && !string.Equals(registration, identity.Id.Value, StringComparison.OrdinalIgnoreCase))
        {
            seen = seen.Concat(await sightings.ListAsync(registration, cancellationToken)).OrderByDescending(sighting => sighting.At);
        }

        return seen
            .Where(sighting => sighting.RefusalNumber is null && (sighting.Hub is null || string.Equals(sighting.Hub, hub.HostName, StringComparison.OrdinalIgnoreCase)))
            .DistinctBy(sighting => (string.Join(' ', sighting.Chain), sighting.Match?.Slot, sighting.Chain.Count > 0 ? null : sighting.Match?.Anchor.ToString()));
    }

    // Whether more is asked of a chain than its leaf.
    private static bool IsOfChains(CheckedHub hub, DeviceIdentity? identity) =>
        identity?.Credential is DeviceCredential.CertificateAuthority
        || (identity?.Credential is DeviceCredential.FollowsEnrollment && hub.Authenticate.AsksEnrollments);

    private static IReadOnlyList<PresentedCredential>? ChainOf(SightingRecord seen, IReadOnlyDictionary<Thumbprint, Certificate> known) =>
        known.TryGetValue(seen.Chain[0], out var leaf)
        && CertificateChain.TryCreate(
            leaf, [.. seen.Chain.Skip(1).Select(thumbprint => known.GetValueOrDefault(thumbprint)).OfType<Certificate>()], out var chain, out _)
            ? [new PresentedCredential.ByCertificate(chain)]
            : null;

    // What an enrollment took may be another key than the device last registered with.
    private async Task<IReadOnlyList<PresentedCredential>?> KeysAsync(SightingRecord seen, DeviceCredential? credential, CancellationToken cancellationToken) =>
        (credential, seen.Match) switch
        {
            (DeviceCredential.FollowsEnrollment { RegistrationId: var name }, { } match) when RegistrationId.TryParse(name, out var id) =>
                [.. (await judge.FindDeviceKeysAsync(id, match, cancellationToken)).Select(key => ByKey(key.Bytes))],
            (DeviceCredential.FollowsEnrollment { Shown: DeviceCredential.SymmetricKeys keys }, _) => KeysOf(keys, slot: null),
            (DeviceCredential.SymmetricKeys keys, var match) => KeysOf(keys, match?.Slot),
            _ => null,
        };

    private static IReadOnlyList<PresentedCredential> KeysOf(DeviceCredential.SymmetricKeys keys, Slot? slot)
    {
        ReadOnlyMemory<byte>[] held = slot switch
        {
            Slot.Primary => [keys.Primary],
            Slot.Secondary => [keys.Secondary],
            _ => [keys.Primary, keys.Secondary],
        };
        return [.. held.Select(ByKey)];
    }

    private static PresentedCredential.ByToken ByKey(ReadOnlyMemory<byte> key) => new(new PresentedToken
    {
        Expires = DateTimeOffset.MaxValue,
        Covers = true,
        IsSignedBy = other => CryptographicOperations.FixedTimeEquals(other.Span, key.Span),
    });
}
