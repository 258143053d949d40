using System.Collections.Frozen;
using Perennial.Hub.Access;
using Perennial.Protocol.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Server.Connections;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>The one table from refusal reasons to what a device of the provisioning service is told; terse by design (dps-protocol §1.8).</summary>
internal static class RefusalWire
{
    // What is not named here says something of the presented certificate or its chain.
    private static readonly FrozenDictionary<int, ProvisioningError> Table = new Dictionary<int, ProvisioningError>
    {
        [ConnectionRefusals.UnknownIdScope.Number] = ProvisioningError.NotFound,
        [ConnectionRefusals.NoCredential.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.CommonNameMismatch.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.OtherMechanism.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.KeyNotEnrolled.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.NoKeyEnrolled.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.GroupKeyUsed.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.TokenExpired.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.TokenResourceWrong.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.TpmKeyUnreadable.Number] = ProvisioningError.BadRequest,
        [AttestationRefusals.TpmNotEnrolled.Number] = ProvisioningError.NotFound,
        [AttestationRefusals.OtherTpm.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.Blocked.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.Drained.Number] = ProvisioningError.Drained,
        [SasRefusals.Unreadable.Number] = ProvisioningError.Unauthorized,
        [AttestationRefusals.NotEnrolled.Number] = ProvisioningError.CertificateAuthorityNotFound,
        [CertificateRefusals.UnknownAuthority.Number] = ProvisioningError.CertificateAuthorityNotFound,
        [CertificateRefusals.MissingIntermediate.Number] = ProvisioningError.CertificateAuthorityNotFound,
    }.ToFrozenDictionary();

    public static ProvisioningError Of(RefusalReason reason) => Table.GetValueOrDefault(reason.Number, ProvisioningError.InvalidCertificate);
}
