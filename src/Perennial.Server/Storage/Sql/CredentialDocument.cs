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

    /// <summary>The kind that the registry shows of a device that follows its enrollment.</summary>
    public string? ShownKind { get; init; }

    /// <summary>The leaf in both slots of a device that follows its enrollment, in rows that have no <see cref="ShownKind"/>.</summary>
    public string? Leaf { get; init; }

    private EnrollmentReference Reference => new(IsGroup == true, EnrollmentId!);

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
        DeviceCredential.FollowsEnrollment follows => From(follows.Shown, withSecrets) with
        {
            Kind = Enrollment,
            ShownKind = follows.Shown is DeviceCredential.SymmetricKeys ? Keys : Thumbprints,
            RegistrationId = follows.RegistrationId,
            IsGroup = follows.Enrollment.IsGroup,
            EnrollmentId = follows.Enrollment.Id,
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
                return new DeviceCredential.FollowsEnrollment(RegistrationId!, Reference, leaf);
            case Enrollment when ShownKind is not null:
                return new DeviceCredential.FollowsEnrollment(RegistrationId!, Reference, (this with { Kind = ShownKind, ShownKind = null }).ToDomain());
            default:
                throw new InvalidDataException($"The database holds a device credential of the kind '{Kind}' that is not valid.");
        }
    }
}
