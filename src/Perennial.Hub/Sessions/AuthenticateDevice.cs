using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>The hub's check: does this credential prove this device, or this module of a device, now? Asked at each connect, request and re-check.</summary>
public sealed class AuthenticateDevice(
    IDeviceStore devices,
    IEnrollmentAttestation enrollments,
    CheckToken tokens,
    CheckCertificate certificates,
    HubBehaviour behaviour,
    TimeProvider time)
{
    public async Task<DeviceVerdict> RunAsync(DeviceId id, PresentedCredential presented, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(presented);
        var device = await devices.FindAsync(id, cancellationToken);
        var at = time.GetUtcNow();
        if (device is null)
        {
            return Refuse(new Refusal(HubRefusals.UnknownDevice, $"There is no device identity '{id}'."));
        }

        var owner = id.IsModule ? await devices.FindAsync(id.Owner, cancellationToken) : device;
        if (owner is not { IsEnabled: true })
        {
            return Refuse(new Refusal(
                HubRefusals.DeviceDisabled, $"The device identity '{id.Device}' is disabled: {owner?.StatusReason ?? "no reason given"}."));
        }

        if (presented is PresentedCredential.ByCertificate { Chain: var chain }
            && device.Credential is DeviceCredential.FollowsEnrollment follows
            && behaviour == HubBehaviour.FollowEnrollment)
        {
            return await enrollments.AttestAsync(follows.RegistrationId, chain, at, cancellationToken) switch
            {
                EnrollmentAnswer.Accepted a => Accept(new ConnectionProof.ByEnrollment(a.Enrollment, a.Slot, a.Anchor)),
                EnrollmentAnswer.Refused r => new DeviceVerdict.Refused(id.Value, presented, at, r.Refusal, r.Nearest ?? follows.Enrollment),
                var other => throw new InvalidOperationException($"Unknown answer {other.GetType().Name}."),
            };
        }

        return TryProve(device, owner, presented, at, out var proof, out var refusal) ? Accept(proof) : Refuse(refusal);

        DeviceVerdict Accept(ConnectionProof accepted) => new DeviceVerdict.Accepted(device, presented, at, accepted);
        DeviceVerdict Refuse(Refusal fault) => new DeviceVerdict.Refused(id.Value, presented, at, fault);
    }

    private bool TryProve(
        DeviceIdentity device,
        DeviceIdentity owner,
        PresentedCredential presented,
        DateTimeOffset at,
        [NotNullWhen(true)] out ConnectionProof? proof,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        switch (presented)
        {
            case PresentedCredential.ByCertificate { Chain: var chain }:
                return certificates.TryProve(device, chain, at, out proof, out refusal);
            case PresentedCredential.ByToken { Token: var token }:
                return tokens.TryProve(device, owner, token, at, out proof, out refusal);
            default:
                proof = null;
                refusal = new Refusal(HubRefusals.NoCredential, $"The identity holds {device.Credential}.");
                return false;
        }
    }
}
