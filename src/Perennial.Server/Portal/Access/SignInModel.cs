namespace Perennial.Server.Portal.Access;

/// <summary>What the sign-in page shows.</summary>
public sealed record SignInModel
{
    /// <summary>Where to go on to.</summary>
    public string Return { get; init; } = "/";

    public string? Name { get; init; }

    public string? Fault { get; init; }

    /// <summary>Nobody is a user yet.</summary>
    public bool IsFirst { get; init; }

    /// <summary>What the button of the OpenID provider says; null without one.</summary>
    public string? Provider { get; init; }
}
