using Perennial.Hub.Access;
using Perennial.Protocol.Sas;
using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Tpm;
using Perennial.Server.Connections;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>Reads what a peer of the provisioning service shows, and says which device it speaks for.</summary>
internal sealed class AuthenticatePeer(string idScope, IVerdictLedger ledger, RefusalLedger refusals, TimeProvider time)
{
    private const string KeyName = "registration";

    /// <param name="announced">The id under which it comes.</param>
    /// <param name="presented">What it shows.</param>
    /// <param name="storageRootKey">The storage root key of its TPM, when it showed one beside its token.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The device, or why there is none; what was refused is counted and kept.</returns>
    public async Task<(AuthenticatedDevice? Device, Refusal? Refusal)> RunAsync(
        RegistrationId announced, PresentedProof presented, TpmPublic? storageRootKey, CancellationToken cancellationToken)
    {
        if (TryRead(announced, presented, storageRootKey, out var proof, out var refusal) && TryAuthenticate(announced, proof, out var device, out refusal))
        {
            return (device, null);
        }

        if (proof is not null)
        {
            await ledger.RecordAsync(new AttestationVerdict.Refused(announced, proof, time.GetUtcNow(), refusal, nearest: null), cancellationToken);
        }

        refusals.Note(refusal, announced.Value);
        return (null, refusal);
    }

    private bool TryRead(
        RegistrationId announced,
        PresentedProof presented,
        TpmPublic? storageRootKey,
        [NotNullWhen(true)] out DeviceProof? proof,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        (proof, refusal) = (null, null);
        switch (presented)
        {
            case PresentedProof.Token { Text: var text } when SharedAccessSignature.TryParse(text, out var signature):
                proof = new DeviceProof.ByToken(TokenOf(signature, announced), storageRootKey);
                return true;
            case PresentedProof.Token:
                refusal = new Refusal(SasRefusals.Unreadable, "What the device presented as its token cannot be read.");
                return false;
            case PresentedProof.Certificates { Presented.IsEmpty: true }:
                refusal = new Refusal(ConnectionRefusals.NoCredential, "No certificate came with the TLS handshake, and no token.");
                return false;
            case PresentedProof.Certificates { Presented: var certificates }:
                proof = certificates.TryGetChain(out var chain, out refusal) ? new DeviceProof.ByCertificate(chain) : null;
                return proof is not null;
            default:
                throw new InvalidOperationException($"Unknown proof {presented.GetType().Name}.");
        }
    }

    private DeviceToken TokenOf(SharedAccessSignature signature, RegistrationId announced) => new()
    {
        Expires = signature.Expiry,
        IsForDevice = signature.IsForRegistration(idScope, announced.Value) && signature.KeyName is null or KeyName,
        IsSignedBy = key => signature.Verify(key.Span),
    };

    private bool TryAuthenticate(
        RegistrationId announced, DeviceProof proof, [NotNullWhen(true)] out AuthenticatedDevice? device, [NotNullWhen(false)] out Refusal? refusal) =>
        proof switch
        {
            DeviceProof.ByCertificate { Chain: var chain } => Authenticate.TryByCertificate(announced, chain, out device, out refusal),
            DeviceProof.ByToken token => Authenticate.TryByToken(announced, token, time.GetUtcNow(), out device, out refusal),
            _ => throw new InvalidOperationException($"Unknown proof {proof.GetType().Name}."),
        };
}
