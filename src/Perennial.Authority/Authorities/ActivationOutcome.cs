using Perennial.Authority.Issuers;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>What came of activating an authority.</summary>
public abstract record ActivationOutcome
{
    private ActivationOutcome()
    {
    }

    /// <summary>It issues from now on.</summary>
    /// <param name="Slot">The active slot.</param>
    public sealed record Activated(IssuerSlot Slot) : ActivationOutcome;

    /// <summary>The certificate is not fit, and nothing was changed.</summary>
    /// <param name="Refusal">The first check that failed.</param>
    public sealed record Refused(Refusal Refusal) : ActivationOutcome;
}
