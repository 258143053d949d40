using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Perennial.Server.Portal.Access;

namespace Perennial.Server.Portal;

/// <summary>What the portal needs of the web framework.</summary>
internal static class PortalDependencies
{
    public static void Add(IServiceCollection services, string keysFolder)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = "perennial-form";
            forms.Cookie.HttpOnly = true;
            forms.Cookie.SameSite = SameSiteMode.Strict;
            forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            forms.Cookie.IsEssential = true;
        });
        services.AddDataProtection().SetApplicationName("perennial");
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new PortalKeys(keysFolder));
    }
}
