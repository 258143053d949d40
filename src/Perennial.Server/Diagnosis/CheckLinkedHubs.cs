using System.Net;
using System.Security.Authentication;
using Perennial.Protocol.Sas;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;

namespace Perennial.Server.Diagnosis;

/// <summary>The hubs outside the server: are they there, is their certificate trusted, do they take the key, and do their clocks agree with ours.</summary>
internal sealed class CheckLinkedHubs(Instance instance, TimeProvider time)
{
    /// <summary>So far two clocks may differ: tokens and certificates are judged with it.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        using var invoker = OutgoingHttp.ToHubs(OutgoingHttp.Trust(instance.Document.OutgoingTrust));
        foreach (var hub in instance.LinkedHubs.Read().Hubs)
        {
            if (LinkedHubsFile.TryRead(hub.ConnectionString, out var access, out _))
            {
                findings.AddRange(await AskAsync(invoker, access, cancellationToken));
            }
        }

        return findings;
    }

    /// <summary>What the time that a server says means for our clock.</summary>
    public static Finding? Clock(string subject, DateTimeOffset? told, DateTimeOffset at) => told is not { } date || (date - at).Duration() < ClockSkew
        ? null
        : Finding.Fail("clock", $"it is {date:u} there ({subject}) and {at:u} here. Set the clock (NTP): tokens and certificates are judged by it.");

    private async Task<IEnumerable<Finding>> AskAsync(HttpMessageInvoker invoker, ConnectionString access, CancellationToken cancellationToken)
    {
        var subject = $"linked hub {access.Host}";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{access.HostName}/statistics/devices?api-version=2021-04-12");
            request.Headers.TryAddWithoutValidation("Authorization", access.CreateToken(time.GetUtcNow() + TimeSpan.FromHours(1)));
            using var answer = await invoker.SendAsync(request, stop.Token);
            var finding = answer.StatusCode switch
            {
                HttpStatusCode.OK => Finding.Ok(subject, $"takes the policy '{access.SharedAccessKeyName}'"),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Finding.Fail(
                    subject, $"does not take the policy '{access.SharedAccessKeyName}' ({(int)answer.StatusCode}). Give another: perennial linked-hub update {access.Host} --connection-string-file FILE"),
                var status => Finding.Warn(subject, $"answers {(int)status}."),
            };
            return Clock(subject, answer.Headers.Date, time.GetUtcNow()) is { } clock ? [finding, clock] : [finding];
        }
        catch (Exception exception) when (exception is HttpRequestException or AuthenticationException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var cause = exception is OperationCanceledException ? "no answer in time" : exception.GetBaseException().Message.TrimEnd('.');
            return [Finding.Fail(subject, $"cannot be reached: {cause}. Devices that are allocated to it wait. See its address, or --outgoing-trust for its roots.")];
        }
    }
}
