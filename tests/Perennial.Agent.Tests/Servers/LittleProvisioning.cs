using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Sas;
using Perennial.X509;

namespace Perennial.Agent.Tests.Servers;

/// <summary>The HTTPS side of <see cref="LittleCloud"/>: register answers 202, the poll answers 200.</summary>
internal sealed class LittleProvisioning : IAsyncDisposable
{
    private readonly LittleCloud _service;
    private readonly WebApplication _application;
    private readonly Dictionary<string, string[]?> _operations = new(StringComparer.Ordinal);

    public LittleProvisioning(LittleCloud service)
    {
        _service = service;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = service.Server.WithKey;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public int Port => new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public Task StartAsync() => _application.StartAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static Task SayAsync<T>(HttpContext context, int status, T document)
        where T : class, IWireDocument<T>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = WireJson.ContentType;
        return context.Response.Body.WriteAsync(WireJson.ToUtf8(document)).AsTask();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (_service.Date is { } date)
        {
            context.Response.Headers.Date = date.ToString("R", CultureInfo.InvariantCulture);
        }

        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [LittleCloud.IdScope, "registrations", var id, .. var rest])
        {
            context.Response.StatusCode = 404;
            return;
        }

        if (_service.RegistrationFault() is { } fault)
        {
            await RefuseAsync(context, fault.Status, fault.RetryAfter);
        }
        else if (!IsAccepted(context, id))
        {
            await RefuseAsync(context, 401, null);
        }
        else if (rest is ["register"] && context.Request.Method == "PUT")
        {
            await RegisterAsync(context, id);
        }
        else if (rest is ["operations", var operation] && context.Request.Method == "GET")
        {
            await SayAsync(context, 200, RegistrationOperationStatus.Ended(operation, ResultOf(id, _operations[operation])));
        }
    }

    private async Task RegisterAsync(HttpContext context, string id)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Assert.True(RegistrationRequest.TryParse(body.ToArray(), out var request));
        _service.Change(id, device => device.Registrations++);
        var operation = $"5.{Guid.NewGuid():N}";
        _operations[operation] = request.Csr is { } csr ? _service.Issue(id, Convert.FromBase64String(csr)) : null;
        context.Response.Headers.RetryAfter = "0";
        await SayAsync(context, 202, RegistrationOperationStatus.Assigning(operation));
    }

    private DeviceRegistrationResult ResultOf(string id, string[]? issued) => new()
    {
        RegistrationId = id,
        Status = RegistrationStatus.Assigned,
        Substatus = RegistrationSubstatus.InitialAssignment,
        AssignedHub = "localhost",
        DeviceId = id,
        IssuedCertificateChain = issued,
        Payload = _service.Read(id, device => device.Payload?.DeepClone().AsObject()),
    };

    private bool IsAccepted(HttpContext context, string id)
    {
        var text = context.Request.Headers.Authorization.ToString();
        if (SharedAccessSignature.TryParse(text, out var token))
        {
            var key = _service.Read(id, device => device.SymmetricKey);
            return key is not null && token.Verify(key) && token.IsForRegistration(LittleCloud.IdScope, id)
                && !token.IsExpired(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5));
        }

        return context.Connection.ClientCertificate is { } presented && Certificate.TryParse(presented.RawDataMemory, out var leaf, out _)
            && LittleCloud.IsNamed(leaf, id)
            && _service.Read(id, device =>
                device.Factory == leaf.Thumbprint.ToString() || (_service.ProvisioningAcceptsIssued && device.Accepted.Contains(leaf.Thumbprint.ToString())));
    }

    private static Task RefuseAsync(HttpContext context, int status, int? retryAfter)
    {
        if (retryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var error = status == 429 ? ProvisioningError.Throttled : status >= 500 ? ProvisioningError.Unavailable : ProvisioningError.Unauthorized;
        return SayAsync(context, status, error.ToDocument(Guid.NewGuid(), TimeProvider.System.GetUtcNow()));
    }
}
