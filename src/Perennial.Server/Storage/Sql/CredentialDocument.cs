using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>A device's credential as it is kept. In the audit trail keys are left out.</summary>
internal sealed record CredentialDocument
{
    private const string Keys = "keys";
    private const string Thumbprints = "thumbprints";
    private const string Authority = "authority";
    private const string Enrollment = "enrollment";

    public required string Kind { get; init; }

    /// <summary>Key in base64, or thumbprint.</summary>
    public string? Primary { get; init; }

    public string? Secondary { get; init; }

    public string? RegistrationId { get; init; }

    public bool? IsGroup { get; init; }

    public string? EnrollmentId { get; init; }

    public string? Leaf { get; init; }

    public static CredentialDocument From(DeviceCredential credential, bool withSecrets) => credential switch
    {
        DeviceCredential.SymmetricKeys keys => new CredentialDocument
        {
            Kind = Keys,
            Primary = withSecrets ? Convert.ToBase64String(keys.Primary.Span) : null,
            Secondary = withSecrets ? Convert.ToBase64String(keys.Secondary.Span) : null,
        },
        DeviceCredential.Thumbprints prints => new CredentialDocument { Kind = Thumbprints, Primary = prints.Primary, Secondary = prints.Secondary },
        DeviceCredential.CertificateAuthority => new CredentialDocument { Kind = Authority },
        DeviceCredential.FollowsEnrollment follows => new CredentialDocument
        {
            Kind = Enrollment,
            RegistrationId = follows.RegistrationId,
            IsGroup = follows.Enrollment.IsGroup,
            EnrollmentId = follows.Enrollment.Id,
            Leaf = follows.LastLeaf.ToString(),
        },
        _ => throw new InvalidOperationException($"Unknown credential {credential.GetType().Name}."),
    };

    public DeviceCredential ToDomain()
    {
        switch (Kind)
        {
            case Keys when DeviceCredential.SymmetricKeys.TryCreate(
                Convert.FromBase64String(Primary ?? ""), Convert.FromBase64String(Secondary ?? ""), out var keys):
                return keys;
            case Thumbprints when DeviceCredential.Thumbprints.TryCreate(Primary, Secondary, out var thumbprints):
                return thumbprints;
            case Authority:
                return new DeviceCredential.CertificateAuthority();
            case Enrollment when Thumbprint.TryParse(Leaf, null, out var leaf):
                return new DeviceCredential.FollowsEnrollment(
                    RegistrationId!, new EnrollmentReference(IsGroup == true, EnrollmentId!), leaf);
            default:
                throw new InvalidDataException($"The database holds a device credential of the kind '{Kind}' that is not valid.");
        }
    }
}
