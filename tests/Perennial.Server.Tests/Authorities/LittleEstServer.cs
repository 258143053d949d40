using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Authorities;

/// <summary>An EST server of another maker, as small as one can be: TLS, HTTP Basic, and an authority.</summary>
internal sealed class LittleEstServer : IAsyncDisposable
{
    public const string Credentials = "ra:secret";

    private readonly TestAuthority _root = TestAuthority.CreateRoot("EST root");
    private readonly TestAuthority _issuing;
    private readonly TestCertificate _tls;
    private readonly WebApplication _app;

    private LittleEstServer()
    {
        _issuing = _root.CreateIntermediate("EST issuing");
        _tls = _root.IssueLeaf("localhost", new() { DnsNames = ["localhost"], Purposes = [X509.ChainPolicyOptions.ServerAuthentication] });
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = _tls.WithKey,
        })));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What is asked next is answered so instead; for instance 202 or 403.</summary>
    public Func<HttpContext, bool> Instead { get; set; } = _ => false;

    /// <summary>Signs another request than the one that came.</summary>
    public byte[]? OtherRequest { get; set; }

    public ConcurrentQueue<string> Asked { get; } = new();

    public Uri Url => new($"https://localhost:{new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}");

    public X509.Certificate Root => _root.Certificate;

    public static async Task<LittleEstServer> StartAsync()
    {
        var server = new LittleEstServer();
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _tls.Dispose();
        _issuing.Dispose();
        _root.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var operation = context.Request.Path.Value!.Split('/')[^1];
        Asked.Enqueue(context.Request.Path.Value!);
        if (operation == "cacerts")
        {
            await WriteAsync(context, _issuing.Certificate.Der, _root.Certificate.Der);
        }
        else if (context.Request.Headers.Authorization != $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Credentials))}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else if (!Instead(context))
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = OtherRequest ?? Convert.FromBase64String(await reader.ReadToEndAsync(context.RequestAborted));
            await WriteAsync(context, Sign(request));
        }
    }

    private byte[] Sign(byte[] request)
    {
        var read = CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256);
        using var signed = read.Create(
            _issuing.Own.WithKey.SubjectName,
            X509SignatureGenerator.CreateForECDsa((ECDsa)_issuing.Own.Key),
            TimeProvider.System.GetUtcNow().AddMinutes(-1),
            TimeProvider.System.GetUtcNow().AddDays(1),
            RandomNumberGenerator.GetBytes(8));
        return signed.RawData;
    }

    private static async Task WriteAsync(HttpContext context, params ReadOnlyMemory<byte>[] certificates)
    {
        var collection = new X509Certificate2Collection(certificates.Select(der => X509CertificateLoader.LoadCertificate(der.Span)).ToArray());
        context.Response.ContentType = "application/pkcs7-mime; smime-type=certs-only";
        await context.Response.WriteAsync(Convert.ToBase64String(collection.Export(X509ContentType.Pkcs7)!, Base64FormattingOptions.InsertLineBreaks));
    }
}
