namespace Perennial.Provisioning.CaCertificates;

/// <summary>What became of a request about a CA certificate.</summary>
public abstract record CaCertificateOutcome
{
    private CaCertificateOutcome()
    {
    }

    public sealed record Done(CaCertificate Certificate) : CaCertificateOutcome;

    /// <summary>The request breaks a rule; the sentence names the object and the remedy.</summary>
    public sealed record Invalid(string Sentence) : CaCertificateOutcome;

    public sealed record NotFound : CaCertificateOutcome;

    /// <summary>The caller's ETag is not the stored one.</summary>
    public sealed record ETagMismatch : CaCertificateOutcome;
}
