using System.Globalization;
using Microsoft.AspNetCore.Http;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Connections;
using Perennial.Server.Instances;
using Perennial.Server.Limits;

namespace Perennial.Server.Http;

/// <summary>What every endpoint of the service API does first: who asks, may they, which version, what body.</summary>
internal sealed class ServiceCall(
    AuthorizeBackEnd authorize, Throttle<ProvisioningOperation> limits, RefusalLedger refusals, TimeProvider time)
{
    /// <summary>Longest body of a request: an enrollment with two certificates and a twin.</summary>
    private const int MaxBody = 256 * 1024;

    /// <summary>An endpoint: checks, then the work.</summary>
    /// <param name="needed">What the caller's policy must allow.</param>
    /// <param name="work">Gets the request, the caller's policy and the body, which is empty when there is none.</param>
    public RequestDelegate Endpoint(ServiceRights needed, Func<HttpContext, ServicePolicy, ReadOnlyMemory<byte>, Task> work) => async context =>
    {
        if (!authorize.TryAuthorize(context, needed, out var policy))
        {
            await ErrorAsync(context, ProvisioningError.Unauthorized);
        }
        else if (!limits.TryPass(ProvisioningOperation.Service, out var wait))
        {
            refusals.Note(LimitRefusals.Rate(ProvisioningOperation.Service, wait), $"policy {policy}");
            context.Response.Headers.RetryAfter = SecondsOf(wait);
            await ErrorAsync(context, ProvisioningError.Throttled);
        }
        else if (!ApiVersion.IsAccepted(context.Request.Query[ApiVersion.Parameter]))
        {
            await ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("The query parameter api-version is missing."));
        }
        else if (await RequestBody.ReadAsync(context, MaxBody) is not { } body)
        {
            await ErrorAsync(context, ProvisioningError.TooLarge);
        }
        else if (!body.IsEmpty && RequestBody.IsForeign(context))
        {
            await ErrorAsync(context, ProvisioningError.UnsupportedMediaType.WithMessage("Send JSON: Content-Type: application/json."));
        }
        else
        {
            await work(context, policy, body);
        }
    };

    private static string SecondsOf(TimeSpan wait) =>
        Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    public Task ErrorAsync(HttpContext context, ProvisioningError error) => Reply.ErrorAsync(context, error, time);

    /// <summary>The decoded path segment of this name.</summary>
    public static string Segment(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    /// <summary>The ETag that the caller demands; null for any.</summary>
    public static string? IfMatch(HttpContext context)
    {
        var etag = ETag.Parse(context.Request.Headers.IfMatch);
        return etag.IsMissing || etag.IsAny ? null : etag.Value;
    }

    /// <summary>Who asks, for the audit trail.</summary>
    public static string Actor(ServicePolicy policy) => $"policy {policy.Name}";
}
