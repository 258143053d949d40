using Perennial.Provisioning.Blocks;
using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>The enrollments that could decide about one device.</summary>
/// <param name="Individual">The individual enrollment under the device's registration id.</param>
/// <param name="LeafHolder">The individual enrollment that holds the presented leaf; may be the same.</param>
/// <param name="Groups">
/// By creation, for a chain the groups with a signing certificate whose subject is the issuer of a presented certificate, for a token
/// those that attest by symmetric key.
/// </param>
public sealed record EnrollmentCandidates(Enrollment? Individual, Enrollment? LeafHolder, IReadOnlyList<Enrollment> Groups)
{
    /// <summary>The record of the presented leaf, when it was issued under an enrollment; null when it was not.</summary>
    public IssuedLeafMatch? Issued { get; init; }

    /// <summary>The blocks that could concern the device.</summary>
    public IReadOnlyList<Block> Blocks { get; init; } = [];

    /// <summary>The certificates in the slots of all of them.</summary>
    public IEnumerable<Certificate> Certificates =>
        new[] { Individual, LeafHolder, Issued?.Enrollment }.OfType<Enrollment>().Concat(Groups)
            .SelectMany(enrollment => enrollment.Mechanism.Certificates).Select(filled => filled.Certificate);

    /// <summary>Groups that may attest by symmetric key at once: each is tried for each device without an enrollment of its own.</summary>
    public const int MaxKeyGroups = 100;
}
