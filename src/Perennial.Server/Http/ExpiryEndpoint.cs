using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Rolling.Forecasts;
using Perennial.Server.Instances;

namespace Perennial.Server.Http;

/// <summary>Who would be refused at a moment if nothing was rolled until then.</summary>
internal sealed class ExpiryEndpoint(ServiceCall call, ForecastExpiry forecast, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/expiry", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => GetAsync(context)));

    /// <summary>Reads a day or a moment that is not over; a day is meant at its beginning in UTC.</summary>
    public static bool TryRead(string? text, DateTimeOffset now, out DateTimeOffset at) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at)
        && at >= now.AddDays(-1) && at < now.AddYears(100);

    private async Task GetAsync(HttpContext context)
    {
        if (!TryRead(context.Request.Query["at"], time.GetUtcNow(), out var at))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("The query parameter at is a day or a moment to come, for instance 2027-03-01."));
            return;
        }

        var found = await forecast.RunAsync(at, context.RequestAborted);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(From(found)));
    }

    private static ExpiryDocument From(ExpiryForecast forecast) => new()
    {
        AtUtc = forecast.At,
        Devices = forecast.Devices,
        Refused = forecast.Refused,
        Parts = [.. forecast.Parts.Select(part => new ExpiryPartDocument
        {
            EnrollmentGroupId = part.Group,
            Devices = part.Devices,
            LeafEnded = part.LeafEnded,
            AuthorityEnded = part.AuthorityEnded,
        })],
        Reasons = [.. forecast.Reasons.Select(reason => new ImpactReasonDocument
        {
            Refusal = reason.Refusal.Reason.Number,
            Title = reason.Refusal.Reason.Title,
            Example = reason.Refusal.Detail,
            Remedy = reason.Refusal.Reason.Remedy,
            Devices = reason.Devices,
        })],
    };
}
