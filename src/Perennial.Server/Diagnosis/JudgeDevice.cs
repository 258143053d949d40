using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Server.Hosting;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Diagnosis;

/// <summary>Says of a device's chain what the server says when the device comes with it, by the same functions. Leaves no sighting.</summary>
internal sealed class JudgeDevice(Instance instance, TimeProvider time)
{
    /// <summary>What registering with the chain comes to.</summary>
    public Task<Finding> AtProvisioningAsync(CertificateChain chain, CancellationToken cancellationToken) => WithAsync(async (database, attestation) =>
    {
        if (!TryName(chain, out var id, out var refusal))
        {
            return Refused("provisioning", refusal, nearest: null);
        }

        if (!Authenticate.TryByCertificate(id, chain, out var device, out refusal))
        {
            return Refused("provisioning", refusal, nearest: null);
        }

        var candidates = await new EnrollmentStore(database, time).FindCandidatesAsync(id, device.Proof, cancellationToken);
        return attestation.Attest(device, candidates, time.GetUtcNow()) switch
        {
            AttestationVerdict.Accepted accepted => Finding.Ok("provisioning", $"'{id}' is taken by the {accepted.Enrollment.Key}, {accepted.Slot} slot ({accepted.Anchor.Thumbprint})."),
            AttestationVerdict.Refused refused => Refused("provisioning", refused.Refusal, refused.Nearest?.ToString()),
            var other => throw new InvalidOperationException($"Unknown verdict {other.GetType().Name}."),
        };
    });

    /// <summary>What connecting to a hub with the chain comes to.</summary>
    public Task<Finding> AtHubAsync(HubDocument hub, CertificateChain chain, CancellationToken cancellationToken) => WithAsync(async (database, attestation) =>
    {
        var subject = $"hub {hub.Name}";
        if (!chain.Leaf.TryGetCommonName(out var name, out var refusal))
        {
            return Refused(subject, refusal, nearest: null);
        }

        if (!DeviceId.TryParse(name.Value, out var id))
        {
            return Finding.Fail(subject, $"'{name}' is no device id.");
        }

        var policies = new AccessPolicies(Policies.LivePolicies.AccessOf(instance.Policies.OfHub(hub.Name)));
        var authenticate = new AuthenticateDevice(
            new DeviceStore(database, hub.Name, time),
            new EnrollmentAttestation(new EnrollmentStore(database, time), new BlockStore(database, time), attestation),
            new CheckToken(new AuthorizeCaller(policies, time)),
            new CheckCertificate(PolicyOf(instance), TrustedAuthorities.None),
            hub.FollowEnrollment ? HubBehaviour.FollowEnrollment : HubBehaviour.Azure,
            time);
        var presented = new PresentedCredential.ByCertificate(await new KnownIssuers(new KnownIssuerStore(database)).CompleteAsync(chain, cancellationToken));
        return await authenticate.RunAsync(id, presented, cancellationToken) switch
        {
            DeviceVerdict.Accepted => Finding.Ok(subject, $"'{id}' is let in."),
            DeviceVerdict.Refused refused => Refused(subject, refused.Refusal, refused.Nearest?.ToString()),
            var other => throw new InvalidOperationException($"Unknown verdict {other.GetType().Name}."),
        };
    });

    private async Task<Finding> WithAsync(Func<SqlDatabase, DeviceAttestation, Task<Finding>> judge)
    {
        await using var database = DatabaseOpening.OpenBeside(instance.Database, NullLoggerFactory.Instance, time);
        var keys = new TpmIdentityKeys(await ServiceSecrets.OpenAsync(database, ServiceSecrets.TpmKeys, TpmIdentityKeys.SecretLength));
        return await judge(database, new DeviceAttestation(PolicyOf(instance), keys));
    }

    private static ChainPolicy PolicyOf(Instance instance) => new(new ChainPolicyOptions { ClockSkew = instance.Document.ClockSkew }, new SignatureCache());

    private static bool TryName(CertificateChain chain, [NotNullWhen(true)] out RegistrationId? id, [NotNullWhen(false)] out Refusal? refusal)
    {
        id = null;
        if (!chain.Leaf.TryGetCommonName(out var name, out refusal))
        {
            return false;
        }

        refusal = RegistrationId.TryParse(name.Value, out id) ? null : new Refusal(CertificateRefusals.InvalidCommonName, $"'{name}' is no registration id: 1 to 128 letters, digits and - . _ : .");
        return id is not null;
    }

    private static Finding Refused(string subject, Refusal refusal, string? nearest) => Finding.Fail(
        subject,
        $"{refusal.Reason.Number} {refusal.Reason.Title} {refusal.Detail} {(nearest is null ? string.Empty : $"Nearest is the {nearest}. ")}{refusal.Reason.Remedy} See docs/refusals/{refusal.Reason.Number}.md");
}
