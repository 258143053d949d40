using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Fleet;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Portal.Registrations;

/// <summary>The list of registrations.</summary>
internal sealed class RegistrationListPages(RegistrationListStore list, TimeProvider time) : IPortalPages
{
    private const int PageSize = 50;

    public void Map(IEndpointRouteBuilder routes) => routes.Page(PortalNavigation.Registrations, ShowAsync);

    private async Task<IResult> ShowAsync(HttpContext context)
    {
        var query = PortalAddressQuery.Read(
            PortalNavigation.Registrations, context.Request.Query, "q", "kind", "enrollment", "status", "after", "before");
        var filter = new RegistrationFilter
        {
            Prefix = query["q"],
            Enrollment = EnrollmentOf(query["kind"], query["enrollment"]),
            Status = Enum.TryParse<RegistrationStatus>(query["status"], out var status) && Enum.IsDefined(status) ? status : null,
        };
        return PortalReply.Page<RegistrationListPage>(new RegistrationListModel
        {
            Query = query,
            Page = await list.ListAsync(filter, query["before"] ?? query["after"], query["before"] is not null, PageSize, context.RequestAborted),
            Now = time.GetUtcNow(),
            Done = context.Request.Query["done"] == "deleted" ? "The registration was deleted." : null,
        });
    }

    private static EnrollmentKey? EnrollmentOf(string? kind, string? id) => kind switch
    {
        "individual" => RegistrationId.TryParse(id, out var registration) ? EnrollmentKey.Individual(registration) : null,
        _ => EnrollmentKey.TryGroup(id ?? string.Empty, out var group) ? group : null,
    };
}
