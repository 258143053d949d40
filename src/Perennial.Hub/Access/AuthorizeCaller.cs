using Perennial.X509;

namespace Perennial.Hub.Access;

/// <summary>The check of a back end's token: does a policy of this hub sign it, and does that policy allow the request?</summary>
public sealed class AuthorizeCaller(AccessPolicies policies, TimeProvider time)
{
    /// <summary>How long after its end a token is still taken, because clocks differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public bool TryAuthorize(
        PresentedToken token,
        HubPermissions needed,
        [NotNullWhen(true)] out AccessPolicy? policy,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(token);
        policy = policies.Find(token.PolicyName ?? string.Empty);
        refusal = Check(token, policy, needed);
        policy = refusal is null ? policy : null;
        return refusal is null;
    }

    private Refusal? Check(PresentedToken token, AccessPolicy? policy, HubPermissions needed)
    {
        if (policy is null)
        {
            return new Refusal(SasRefusals.UnknownPolicy, $"The token names the policy '{token.PolicyName}'.");
        }

        if (!token.IsSignedBy(policy.PrimaryKey) && !token.IsSignedBy(policy.SecondaryKey))
        {
            return new Refusal(SasRefusals.WrongSignature, $"Neither key of the policy '{policy}' signed the token.");
        }

        if (time.GetUtcNow() - token.Expires >= ClockSkew)
        {
            return new Refusal(SasRefusals.Expired, $"It ended at {token.Expires:O}.");
        }

        if (!token.Covers)
        {
            return new Refusal(SasRefusals.WrongResource, $"The token of the policy '{policy}' does not cover what is asked for.");
        }

        return (policy.Permissions & needed) == needed
            ? null
            : new Refusal(SasRefusals.MissingPermission, $"The policy '{policy}' allows {policy.Permissions}; the request needs {needed}.");
    }
}
