using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Authority.Issuers;
using Perennial.Provisioning;
using Perennial.Provisioning.CaCertificates;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Certificates;

/// <summary>The list of CA certificates, issuing authorities and profiles.</summary>
internal sealed class CertificatesPages(ICaCertificateStore cas, CaUseStore uses, IIssuerStore issuers, IProfileStore profiles, TimeProvider time) : IPortalPages
{
    private const int PageSize = 50;

    public void Map(IEndpointRouteBuilder routes) => routes.Page(PortalNavigation.Certificates, ShowAsync);

    private async Task<IResult> ShowAsync(HttpContext context)
    {
        var query = PortalAddressQuery.Read(PortalNavigation.Certificates, context.Request.Query, "after");
        var page = await cas.ListAsync(new PageRequest(query["after"], PageSize), context.RequestAborted);
        var lines = new List<CaLine>();
        foreach (var ca in page.Items)
        {
            lines.Add(new CaLine(ca, await uses.FindAsync(ca.Name, ca.Certificate.Thumbprint, context.RequestAborted)));
        }

        return PortalReply.Page<CertificatesPage>(new CertificatesModel
        {
            Cas = lines,
            Tree = GrowTree.Run(page.Items.Select(ca => (ca.Certificate, ca.Name, (string?)CaPages.PathOf(ca.Name)))),
            Next = page.Next is null ? null : query.With(("after", page.Next)).ToString(),
            IsFirst = query["after"] is null,
            Issuers = [.. (await issuers.ListAsync(context.RequestAborted)).Select(IssuerPages.LineOf)],
            Profiles = [.. (await profiles.ListAsync(context.RequestAborted)).Select(IssuerPages.LineOf)],
            Now = time.GetUtcNow(),
            MayChange = PortalUser.May(context.User, UserRole.Operator),
            MayIssue = PortalUser.May(context.User, UserRole.Administrator),
            Done = context.Request.Query["done"] == "deleted" ? "The CA certificate was deleted. Groups that refer to it match by it no more." : null,
        });
    }
}
