using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Proofs;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Rolling.Sightings;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Proofs;

/// <summary>Makes the report of a roll that ended, from what is stored, and asks the attestation function of the chains that were retired.</summary>
internal sealed class BuildProof(ProofStore store, IRehearsalStore rehearsals, IEnrollmentStore enrollments, DeviceAttestation attestation, TimeProvider time)
{
    private const int Batch = 500;

    /// <summary>Devices whose retired chain is probed.</summary>
    private const int MostProbes = 1000;

    public async Task<JsonObject> RunAsync(Roll roll, CancellationToken cancellationToken)
    {
        var (now, devices, probes) = (time.GetUtcNow(), new JsonArray(), new ProbeCount());
        IReadOnlyList<ProvenDevice> part = [];
        do
        {
            part = await store.ListDevicesAsync(roll, part.Count > 0 ? part[^1].Device : "", Batch, cancellationToken);
            foreach (var device in part)
            {
                devices.Add(await DeviceAsync(roll, device, probes, now, cancellationToken));
            }
        }
        while (part.Count == Batch);
        var (previous, auditHead) = await store.ReadChainsAsync(cancellationToken);
        return new JsonObject
        {
            ["format"] = "perennial roll proof 1",
            ["madeUtc"] = Text(now),
            ["previousReport"] = previous,
            ["auditHead"] = auditHead,
            ["roll"] = Facts(roll),
            ["plan"] = RollRows.Serialize(roll),
            ["withoutRehearsal"] = roll.WithoutRehearsal,
            ["preview"] = await PreviewAsync(roll, cancellationToken),
            ["outcome"] = Outcome(devices),
            ["acts"] = await store.ReadActsAsync(roll, cancellationToken),
            ["probe"] = roll.State == RollState.Completed ? probes.ToJson() : null,
            ["gaps"] = "The longest gap of a device is the longest time between two accepted handshakes that are kept of it, from the start of the roll to its end; a connection that stayed open in between counts as part of it.",
            ["devices"] = devices,
        };
    }

    private static JsonObject Facts(Roll roll) => new()
    {
        ["id"] = roll.Id,
        ["kind"] = roll.Kind.ToString(),
        ["reason"] = roll.Reason.ToString(),
        ["state"] = roll.State.ToString(),
        ["rolledBack"] = roll.IsBack,
        ["enrollmentGroup"] = roll.Group?.Id,
        ["old"] = roll.Old?.ToString(),
        ["new"] = roll.New?.ToString(),
        ["createdUtc"] = Text(roll.Created),
        ["startedUtc"] = Text(roll.Started),
        ["endedUtc"] = Text(roll.Ended),
    };

    private static JsonObject Outcome(JsonArray devices) => new()
    {
        ["devices"] = devices.Count,
        ["moved"] = devices.Count(device => (bool)device!["moved"]!),
        ["waived"] = devices.Count(device => device!["waiver"] is not null),
        ["neither"] = devices.Count(device => !(bool)device!["moved"]! && device["waiver"] is null),
    };

    // What the rehearsal said before the start, to be held against the outcome.
    private async Task<JsonObject?> PreviewAsync(Roll roll, CancellationToken cancellationToken) =>
        roll.WithoutRehearsal is null && await rehearsals.FindAsync(roll.Id, cancellationToken) is { State: RehearsalState.Done, Result: { } result } rehearsal
            ? new JsonObject
            {
                ["rehearsedUtc"] = Text(rehearsal.Started),
                ["by"] = rehearsal.Actor,
                ["devices"] = result.Devices,
                ["moved"] = result.Moved,
                ["lost"] = result.LostDevices,
                ["finishesUtc"] = Text(result.Finishes),
                ["findings"] = new JsonArray([.. result.Findings.Select(finding => (JsonNode?)$"{finding.Severity} {finding.Kind}: {finding.Sentence}")]),
            }
            : null;

    private async Task<JsonObject> DeviceAsync(Roll roll, ProvenDevice device, ProbeCount probes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var accepted = device.Sightings.Where(sighting => sighting is { RefusalNumber: null, Match: not null }).ToList();
        var old = accepted.LastOrDefault(device.IsByOld);
        var used = accepted.Where(device.IsByNew).ToList();
        var (start, end) = (roll.Started ?? roll.Created, roll.Ended ?? now);
        var during = accepted.Where(sighting => sighting.At >= start && sighting.At <= end).Select(sighting => sighting.At).ToList();
        var gap = during.Zip(during.Skip(1), (one, next) => next - one).DefaultIfEmpty().Max();
        if (roll.State == RollState.Completed && !roll.IsBack && old is not null && probes.Probed < MostProbes)
        {
            probes.Note(await ProbeAsync(device, old, now, cancellationToken));
        }

        return new JsonObject
        {
            ["device"] = device.Device,
            ["old"] = (old?.Chain.Count > 0 ? old.Chain[0] : roll.Kind == RollKind.Leaf ? device.Old : (Thumbprint?)null)?.ToString(),
            ["new"] = used.Count > 0 && used[^1].Chain.Count > 0 ? used[^1].Chain[0].ToString() : null,
            ["moved"] = device.HasMoved(accepted),
            ["firstUseUtc"] = Text(used.FirstOrDefault()?.At),
            ["longestGapSeconds"] = (long)gap.TotalSeconds,
            ["wave"] = device.Wave,
            ["offeredUtc"] = Text(device.Offered),
            ["waiver"] = device.Waiver,
        };
    }

    // The chain as it was last presented, put to the attestation function now; null when a certificate of it is not kept.
    private async Task<(bool IsRefused, int? Number)?> ProbeAsync(ProvenDevice device, SightingRecord old, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var certificates = new List<Certificate>();
        foreach (var thumbprint in old.Chain)
        {
            if (await store.FindCertificateAsync(thumbprint, cancellationToken) is not { } certificate)
            {
                return null;
            }

            certificates.Add(certificate);
        }

        if (certificates.Count == 0 || !CertificateChain.TryCreate(certificates[0], [.. certificates.Skip(1)], out var chain, out _)
            || !RegistrationId.TryParse(device.Device, out var id) || !Authenticate.TryByCertificate(id, chain, out var authenticated, out _))
        {
            return null;
        }

        var candidates = await enrollments.FindCandidatesAsync(id, authenticated.Proof, cancellationToken);
        return attestation.Attest(authenticated, candidates, now) is AttestationVerdict.Refused refused ? (true, refused.Refusal.Reason.Number) : (false, null);
    }

    private static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
