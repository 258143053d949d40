using Microsoft.AspNetCore.Http;
using Perennial.Hub.Access;
using Perennial.Protocol.Sas;
using Perennial.Server.Connections;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>Who asks the service API: the policy that signed the request's token, when it allows what is asked (dps-protocol §7.1).</summary>
internal sealed class AuthorizeBackEnd(string host, Func<IReadOnlyList<ServicePolicy>> policies, RefusalLedger refusals, TimeProvider time)
{
    // Clocks of callers differ.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public bool TryAuthorize(HttpContext context, ServiceRights needed, [NotNullWhen(true)] out ServicePolicy? policy)
    {
        var refusal = Check(context, needed, out policy);
        if (refusal is not null)
        {
            refusals.Note(refusal, "a service");
            policy = null;
        }

        return policy is not null;
    }

    private Refusal? Check(HttpContext context, ServiceRights needed, out ServicePolicy? policy)
    {
        policy = null;
        if (!SharedAccessSignature.TryParse(context.Request.Headers.Authorization, out var token))
        {
            return new Refusal(SasRefusals.Unreadable, "The Authorization header holds no shared access signature.");
        }

        var named = policies().FirstOrDefault(candidate => string.Equals(candidate.Name, token.KeyName, StringComparison.OrdinalIgnoreCase));
        if (named is null)
        {
            return new Refusal(SasRefusals.UnknownPolicy, $"The token names the policy '{token.KeyName}'.");
        }

        if (!IsSigned(token, named.PrimaryKey) && !IsSigned(token, named.SecondaryKey))
        {
            return new Refusal(SasRefusals.WrongSignature, $"Neither key of the policy '{named}' signed the token.");
        }

        if (token.IsExpired(time.GetUtcNow(), Skew))
        {
            return new Refusal(SasRefusals.Expired, $"It ended at {token.Expiry:O}.");
        }

        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!token.Covers(host, StringComparison.OrdinalIgnoreCase, path))
        {
            return new Refusal(SasRefusals.WrongResource, $"The token of the policy '{named}' is not for {host}{context.Request.Path}.");
        }

        policy = named;
        return (named.Rights & needed) == needed
            ? null
            : new Refusal(SasRefusals.MissingPermission, $"The policy '{named}' allows {named.Rights}; the request needs {needed}.");
    }

    private static bool IsSigned(SharedAccessSignature token, string key) => token.Verify(Convert.FromBase64String(key));
}
