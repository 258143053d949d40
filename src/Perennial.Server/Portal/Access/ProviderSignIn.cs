using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Perennial.Server.Instances;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Access;

/// <summary>
/// Signs users in at an OpenID provider: code flow with PKCE. The framework's handler has dependencies of its own here, so that nothing of it
/// is heard of on the ports of devices.
/// </summary>
internal sealed class ProviderSignIn : IDisposable
{
    /// <summary>Where the provider sends browsers back to.</summary>
    public const string CallbackPath = AccessPages.ProviderPath + "/done";

    private const string Scheme = "provider";
    private const string Outcome = "perennial.outcome";

    private static readonly string[] NameClaims = ["preferred_username", "email", "sub"];

    private readonly PortalDocument _portal;
    private readonly OpenIdDocument _provider;
    private readonly AdmitExternal _admit;
    private readonly HttpMessageHandler _way;
    private readonly ServiceProvider _services;

    public ProviderSignIn(PortalDocument portal, OpenIdDocument provider, AdmitExternal admit, string keysFolder, HttpMessageHandler way, ILoggerFactory loggers)
    {
        _way = way;
        _portal = portal;
        _provider = provider;
        _admit = admit;
        var services = new ServiceCollection();
        services.AddSingleton(loggers);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddDataProtection().SetApplicationName("perennial");
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new PortalKeys(keysFolder));
        services.AddAuthentication().AddOpenIdConnect(Scheme, Configure);
        _services = services.BuildServiceProvider();
    }

    /// <summary>What the button says.</summary>
    public string Name => _provider.Issuer.Host;

    /// <summary>Takes the requests that begin and end the signing in at the provider.</summary>
    public async Task<IResult?> TryAnswerAsync(HttpContext context)
    {
        var isStart = context.Request.Path == AccessPages.ProviderPath;
        if (!HttpMethods.IsGet(context.Request.Method) || (!isStart && context.Request.Path != CallbackPath))
        {
            return null;
        }

        if (_portal.Url is { } url)
        {
            (context.Request.Scheme, context.Request.Host) = (url.Scheme, HostString.FromUriComponent(url));
        }

        var around = context.RequestServices;
        await using var scope = _services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            var handler = (await scope.ServiceProvider.GetRequiredService<IAuthenticationHandlerProvider>().GetHandlerAsync(context, Scheme))!;
            if (isStart)
            {
                await handler.ChallengeAsync(new AuthenticationProperties { RedirectUri = PortalReply.Local(context.Request.Query["return"]) });
                return Results.Empty;
            }

            await ((IAuthenticationRequestHandler)handler).HandleRequestAsync();
        }
        catch (InvalidOperationException exception) when (isStart)
        {
            // Its configuration cannot be fetched.
            return Refuse($"The provider {_provider.Issuer.Host} does not answer. {exception.Message}");
        }
        finally
        {
            context.RequestServices = around;
        }

        return context.Items[Outcome] as IResult ?? Refuse("The provider's answer could not be used.");
    }

    public void Dispose()
    {
        _services.Dispose();
        _way.Dispose();
    }

    private void Configure(OpenIdConnectOptions options)
    {
        options.Authority = _provider.Issuer.ToString();
        options.RequireHttpsMetadata = !_provider.Issuer.IsLoopback;
        options.BackchannelHttpHandler = _way;
        options.ClientId = _provider.ClientId;
        options.ClientSecret = _provider.SecretFile is { } file ? SecretIn(file) : null;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.CallbackPath = CallbackPath;
        // No scheme is signed in to: what is received becomes a session of our own.
        options.SignInScheme = "none";
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        }

        options.Events.OnTicketReceived = async ticket =>
        {
            ticket.HttpContext.Items[Outcome] = await AdmitAsync(ticket.HttpContext, ticket.Principal!, ticket.ReturnUri);
            ticket.HandleResponse();
        };
        options.Events.OnRemoteFailure = failure =>
        {
            failure.HttpContext.Items[Outcome] = Refuse($"The provider's answer could not be used: {failure.Failure?.Message}");
            failure.HandleResponse();
            return Task.CompletedTask;
        };
    }

    private async Task<IResult> AdmitAsync(HttpContext context, ClaimsPrincipal principal, string? returnTo)
    {
        var name = NameClaims.Select(claim => principal.FindFirstValue(claim)).FirstOrDefault(value => value is not null);
        var roles = principal.FindAll(_provider.RoleClaim).Select(claim => claim.Value)
            .Where(_provider.Roles.ContainsKey).Select(value => (UserRole?)_provider.Roles[value]);
        return await _admit.RunAsync(name, roles.Max(), context.RequestAborted) switch
        {
            ExternalOutcome.Admitted admitted => new AdmittedResult(_admit.Cookie, admitted.Session, PortalReply.Local(returnTo)),
            ExternalOutcome.Refused refused => Refuse(refused.Sentence),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        };
    }

    private static IResult Refuse(string sentence) => PortalReply.Message(StatusCodes.Status403Forbidden, "Not signed in", sentence);

    private static string SecretIn(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim() is { Length: > 0 } secret
                ? secret
                : throw new OperatorException($"the first line of {file} is to be the secret of the OpenID client, and is empty.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"the secret of the OpenID client cannot be read: {exception.Message}", exception);
        }
    }
}
