using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Perennial.Server.OpenApi;
using Perennial.Server.Portal;
using Perennial.Server.Tests.Instances;

namespace Perennial.CommandLine.Tests;

/// <summary>The document of the REST API: complete, as it is committed, and shown by the server without help from elsewhere.</summary>
public sealed class OpenApiTests
{
    /// <summary>What devices ask, what is answered with "not supported here", and the pages of the document itself.</summary>
    private static readonly string[] Elsewhere =
    [
        "/{scope}/", "/.well-known/est", "/devices/{id}/messages/", "/devices/{id}/files", "/configurations", "/digitaltwins/", "/jobs/create", "/jobs/{id}",
        "/devices/{id}/applyConfigurationContent", "/openapi.json", "/scalar",
    ];

    [Fact]
    public async Task Every_route_of_the_API_is_in_the_document_and_nothing_else()
    {
        await using var served = await ServedInstance.Open(TimeProvider.System).ComposeAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        PortalDependencies.Add(builder.Services, served.Instance.KeysFolder);
        await using var app = builder.Build();
        served.Parts.Map(app);
        var mapped = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
            .Where(route => !Array.Exists(Elsewhere, prefix => route.Split(' ')[1].StartsWith(prefix, StringComparison.Ordinal)) && route != "GET /jobs")
            .Order(StringComparer.Ordinal).ToList();

        Assert.Equal(mapped, ApiOperations.All.Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal));
        Assert.True(mapped.Count > 80);
    }

    [Fact]
    public async Task The_committed_document_is_what_the_command_writes()
    {
        var path = Path.Combine(Root, "docs", "openapi.json");
        var written = await Line.DoneAsync("openapi");
        if (Environment.GetEnvironmentVariable("PERENNIAL_WRITE_DOCS") is not null)
        {
            await File.WriteAllTextAsync(path, written, TestContext.Current.CancellationToken);
        }

        Assert.True(
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) == written,
            "docs/openapi.json is not what the server says. Write it anew: perennial openapi > docs/openapi.json");
    }

    [Fact]
    public void The_document_is_sound()
    {
        var document = BuildApiDocument.Run();
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => method.Value!)).ToList();
        Assert.Equal(operations.Count, operations.Select(operation => (string)operation["operationId"]!).Distinct(StringComparer.Ordinal).Count());
        var schemas = document["components"]!["schemas"]!.AsObject();
        Assert.All(References(document), reference => Assert.True(Find(document, reference) is not null, reference));
        Assert.All(["IndividualEnrollment", "EnrollmentGroup", "ProvisioningError", "HubError", "Policy", "Sighting", "Impact"], name => Assert.Contains(name, schemas.Select(schema => schema.Key)));
        Assert.Contains("enabled", schemas["IndividualEnrollment"]!["properties"]!["provisioningStatus"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_shows_the_document_and_a_page_that_loads_nothing_from_elsewhere()
    {
        await using var served = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(served.Instance.TrustBundle) },
                },
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{served.Ports.Https}") };
        var document = await client.GetStringAsync("/openapi.json", TestContext.Current.CancellationToken);
        Assert.Equal("3.1.1", JsonDocument.Parse(document).RootElement.GetProperty("openapi").GetString());

        using var answer = await client.GetAsync("/scalar/", TestContext.Current.CancellationToken);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, page);
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        var script = System.Text.RegularExpressions.Regex.Match(page, "src=\"([^\"]*scalar[^\"]*\\.js)\"").Groups[1].Value;
        Assert.True((await client.GetByteArrayAsync(new Uri(new Uri(client.BaseAddress, "/scalar/"), script), TestContext.Current.CancellationToken)).Length > 100_000, script);
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Perennial.slnx")))
            {
                folder = folder.Parent!;
            }

            return folder.FullName;
        }
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == "$ref" ? [member.Value!.ToString()] : References(member.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    private static JsonNode? Find(JsonNode document, string reference) =>
        reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (node, name) => node is JsonArray list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : node?[name]);
}
