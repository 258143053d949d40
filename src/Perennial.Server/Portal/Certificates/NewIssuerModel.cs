namespace Perennial.Server.Portal.Certificates;

/// <summary>What the form for an issuing authority shows.</summary>
public sealed record NewIssuerModel
{
    public string? Issuer { get; init; }

    public string? Fault { get; init; }

    /// <summary>The request to be signed elsewhere, PEM; null until one was made.</summary>
    public string? Request { get; init; }

    /// <summary>The slot that waits for the signed certificate.</summary>
    public string? Slot { get; init; }
}
