using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Perennial.Portal.Tests;

/// <summary>An OpenID provider with one user: code flow with PKCE, tokens signed by RSA. It gives nothing to who breaks the protocol.</summary>
internal sealed class LittleOpenIdProvider : IAsyncDisposable
{
    public const string Client = "perennial";

    public const string Secret = "little secret";

    private readonly RSA _key = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string Redirect)> _codes = new();
    private readonly WebApplication _app;

    private LittleOpenIdProvider(WebApplication app) => _app = app;

    public Uri Issuer { get; private set; } = null!;

    /// <summary>The user's name, and what stands in the claim of roles.</summary>
    public (string Name, string[] Roles) User { get; set; } = ("carol", ["fleet-operators"]);

    public static async Task<LittleOpenIdProvider> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var provider = new LittleOpenIdProvider(builder.Build());
        provider.Map();
        await provider._app.StartAsync();
        provider.Issuer = new Uri(provider._app.Urls.First());
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", context => WriteAsync(context, new JsonObject
        {
            ["issuer"] = Issuer.ToString(),
            ["authorization_endpoint"] = new Uri(Issuer, "/authorize").ToString(),
            ["token_endpoint"] = new Uri(Issuer, "/token").ToString(),
            ["jwks_uri"] = new Uri(Issuer, "/keys").ToString(),
        }));
        _app.MapGet("/keys", context =>
        {
            var key = _key.ExportParameters(includePrivateParameters: false);
            return WriteAsync(context, new JsonObject
            {
                ["keys"] = new JsonArray(new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["kid"] = "1",
                    ["n"] = WebEncoders.Base64UrlEncode(key.Modulus!),
                    ["e"] = WebEncoders.Base64UrlEncode(key.Exponent!),
                }),
            });
        });
        _app.MapGet("/authorize", AuthorizeAsync);
        _app.MapPost("/token", GiveTokenAsync);
    }

    private Task AuthorizeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query["client_id"] != Client || query["response_type"] != "code" || query["code_challenge_method"] != "S256")
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        var (code, redirect) = (Guid.NewGuid().ToString("N"), query["redirect_uri"].ToString());
        _codes[code] = (query["code_challenge"].ToString(), query["nonce"].ToString(), redirect);
        context.Response.Redirect(QueryHelpers.AddQueryString(
            redirect, new Dictionary<string, string?> { ["code"] = code, ["state"] = query["state"] }));
        return Task.CompletedTask;
    }

    private async Task GiveTokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var verifier = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!_codes.TryRemove(form["code"].ToString(), out var asked) || asked.Challenge != verifier || asked.Redirect != form["redirect_uri"] || form["client_secret"] != Secret)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await WriteAsync(context, new JsonObject { ["access_token"] = "none", ["token_type"] = "Bearer", ["id_token"] = Token(asked.Nonce) });
    }

    private string Token(string nonce)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer.ToString(),
            ["aud"] = Client,
            ["sub"] = "0815",
            ["iat"] = now,
            ["exp"] = now + 300,
            ["nonce"] = nonce,
            ["preferred_username"] = User.Name,
            ["roles"] = new JsonArray([.. User.Roles.Select(role => (JsonNode)role)]),
        };
        var text = $"{Encoded(new JsonObject { ["alg"] = "RS256", ["kid"] = "1" })}.{Encoded(claims)}";
        return $"{text}.{WebEncoders.Base64UrlEncode(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encoded(JsonObject part) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(part));

    private static Task WriteAsync(HttpContext context, JsonObject document)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(document.ToJsonString());
    }
}
