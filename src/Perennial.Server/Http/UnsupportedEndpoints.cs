using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Hub.Access;
using Perennial.Protocol.Hub;
using Perennial.Server.Limits;

namespace Perennial.Server.Http;

/// <summary>
/// What Azure's hubs do and these do not: configurations, digital twins, import and export jobs (hub-protocol §4.9). Lists are empty, single
/// ones are not there, and what would change something is told plainly that it is not supported.
/// </summary>
internal static class UnsupportedEndpoints
{
    private const string Configurations = "Automatic device configurations and edge deployments";
    private const string DigitalTwins = "Digital twins; use the twin and direct methods";
    private const string Transfers = "Import and export jobs; use POST /devices and queries";

    public static void Map(IEndpointRouteBuilder routes, HubGate gate)
    {
        Empty("/configurations", HubPermissions.RegistryRead);
        Missing("/configurations/{id}", HttpMethods.Get, HubPermissions.RegistryRead, Configurations);
        Refused("/configurations/{id}", [HttpMethods.Put, HttpMethods.Delete], HubPermissions.RegistryWrite, Configurations);
        Refused("/configurations/testQueries", [HttpMethods.Post], HubPermissions.RegistryRead, Configurations);
        Refused("/devices/{id}/applyConfigurationContent", [HttpMethods.Post], HubPermissions.RegistryWrite, Configurations);
        Missing("/digitaltwins/{id}", HttpMethods.Get, HubPermissions.ServiceConnect, DigitalTwins);
        Refused("/digitaltwins/{id}", [HttpMethods.Patch], HubPermissions.ServiceConnect, DigitalTwins);
        Refused("/digitaltwins/{id}/commands/{name}", [HttpMethods.Post], HubPermissions.ServiceConnect, DigitalTwins);
        Refused("/digitaltwins/{id}/components/{component}/commands/{name}", [HttpMethods.Post], HubPermissions.ServiceConnect, DigitalTwins);
        Empty("/jobs", HubPermissions.RegistryRead);
        Refused("/jobs/create", [HttpMethods.Post], HubPermissions.RegistryWrite, Transfers);
        Missing("/jobs/{id}", HttpMethods.Get, HubPermissions.RegistryRead, Transfers);
        Refused("/jobs/{id}", [HttpMethods.Delete], HubPermissions.RegistryWrite, Transfers);

        void Empty(string path, HubPermissions needed) => Map(
            path, [HttpMethods.Get], needed, _ => new HubReply { Body = "[]"u8.ToArray() });
        void Missing(string path, string method, HubPermissions needed, string what) => Map(
            path, [method], needed, call => HubReply.Fail(HubError.NotFound, $"{call.Context.Request.RouteValues["id"]}: {Sentence(what)}"));
        void Refused(string path, string[] methods, HubPermissions needed, string what) => Map(
            path, methods, needed, _ => HubReply.Fail(HubError.NotSupported, Sentence(what)));
        void Map(string path, string[] methods, HubPermissions needed, Func<HubCall, HubReply> answer) => routes.MapMethods(
            path, methods, gate.Allow(needed, call => Task.FromResult(answer(call)), HubOperation.Registry));
    }

    private static string Sentence(string what) => $"Not supported here: {what}.";
}
