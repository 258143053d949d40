namespace Perennial.Provisioning.Enrollments;

/// <summary>What an enrollment permits to provision: one device, or every device below a signing certificate.</summary>
public enum EnrollmentKind
{
    Individual,
    Group,
}
