using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Sightings;
using Perennial.Server.Instances;

namespace Perennial.Server.Http;

/// <summary>The sightings of one device: with what it came, what took it, or why it was refused.</summary>
internal sealed class SightingEndpoints(ServiceCall call, ISightingStore sightings)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/registrations/{id}/sightings", call.Endpoint(ServiceRights.RegistrationStatusRead, (context, _, _) => GetAsync(context)));

    private async Task GetAsync(HttpContext context)
    {
        var seen = await sightings.ListAsync(ServiceCall.Segment(context, "id"), context.RequestAborted);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. seen.Select(From)]));
    }

    private static SightingDocument From(SightingRecord sighting) => new()
    {
        AtUtc = sighting.At,
        Path = sighting.Path == SightingPath.Provisioning ? "provisioning" : "hub",
        Hub = sighting.Hub,
        Chain = [.. sighting.Chain.Select(thumbprint => thumbprint.ToString())],
        Enrollment = sighting.Match?.Enrollment.ToString() ?? sighting.Nearest,
        Slot = sighting.Match is null ? null : sighting.Match.Slot == Slot.Primary ? "primary" : "secondary",
        Anchor = sighting.Chain.Count > 0 ? sighting.Match?.Anchor.ToString() : null,
        Refusal = sighting.RefusalNumber,
        Explanation = sighting.RefusalDetail,
    };
}
