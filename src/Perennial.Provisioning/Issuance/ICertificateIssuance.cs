namespace Perennial.Provisioning.Issuance;

/// <summary>The only way from provisioning to the authority that issues certificates.</summary>
public interface ICertificateIssuance
{
    /// <summary>What a profile allows devices; null when there is no profile of the name.</summary>
    Task<CertificateTerms?> FindTermsAsync(string policy, CancellationToken cancellationToken);

    /// <summary>Has a certificate issued. What is issued is on disk at the authority when this returns.</summary>
    Task<CertificateAnswer> IssueAsync(CertificateOrder order, CancellationToken cancellationToken);
}
