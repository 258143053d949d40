namespace Perennial.Provisioning.Issuance;

/// <summary>What a certificate profile allows devices.</summary>
/// <param name="AllowsSelfRoll">Whether a device may place its next leaf in the free slot of its own enrollment.</param>
/// <param name="RollAfterExpiry">For so long after its end a leaf may still obtain the next one; zero for never.</param>
public sealed record CertificateTerms(bool AllowsSelfRoll, TimeSpan RollAfterExpiry);
