using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Http;
using Perennial.Server.Hubs;
using Perennial.Server.Tests.Hubs;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Server.Tests.Webhooks;

/// <summary>The client of allocation webhooks against a real HTTPS server, by a clock that the test moves.</summary>
public sealed class AllocationWebhookTests : IDisposable
{
    private const string Chosen = """{"iotHubHostName":"hub-b.example"}""";

    private readonly CountingTime _time = new();
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> WrongAnswers => new()
    {
        { "", "cannot be read" },
        { "<html>", "cannot be read" },
        { """["hub-b.example"]""", "cannot be read" },
        { """{"iotHubHostName":7}""", "$.iotHubHostName" },
        { "{}", "names no iotHubHostName" },
        { """{"iotHubHostName":"hub-b.example","payload":"text"}""", "payload is a JSON object" },
        { """{"iotHubHostName":"hub-b.example","initialTwin":{"tags":[]}}""", "initialTwin: tags" },
    };

    public void Dispose() => _leaf.Dispose();

    [Fact]
    public async Task The_question_is_posted_as_JSON_and_the_answer_read_whole()
    {
        await using var server = await WebhookServer.SayingAsync(
            """{"iotHubHostName":"hub-b.example","initialTwin":{"tags":{"site":"b"},"properties":{"desired":{"rate":5}}},"payload":{"greeting":"hello"}}""");
        var answer = Assert.IsType<CustomAllocationAnswer.Chosen>(await AskAsync(server));

        Assert.Equal(("hub-b.example", """{"greeting":"hello"}"""), (answer.HubHostName, answer.Payload?.GetRawText()));
        Assert.Equal(("b", 5), (answer.InitialTwin!.Tags!.Value.GetProperty("site").GetString(), answer.InitialTwin.Desired!.Value.GetProperty("rate").GetInt32()));
        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /allocate application/json; charset=utf-8 {", request, StringComparison.Ordinal);
        var body = JsonDocument.Parse(request[request.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
        Assert.Equal("""{"type":"x509"}""", body.GetProperty("individualEnrollment").GetProperty("attestation").GetRawText());
        var context = body.GetProperty("deviceRuntimeContext");
        Assert.Equal("dev-01", context.GetProperty("registrationId").GetString());
        Assert.Equal(_leaf.Certificate.Thumbprint.ToString(), context.GetProperty("x509").GetProperty("certificateInfo").GetProperty("sha256Thumbprint").GetString());
        Assert.Equal(7, context.GetProperty("payload").GetProperty("serial").GetInt32());
        Assert.Equal("""["hub-a.example","hub-b.example"]""", body.GetProperty("linkedHubs").GetRawText());
    }

    [Fact]
    public async Task Each_request_has_five_seconds_and_there_are_three()
    {
        WebhookServer server = null!;
        await using var started = server = await WebhookServer.StartAsync((context, _) => server.HangAsync(context));
        var asking = AskAsync(server);
        await PassThreeAsync(server, asking);

        Assert.Contains("did not answer within 5 s", Assert.IsType<CustomAllocationAnswer.Failed>(await asking).Detail, StringComparison.Ordinal);
        await server.WaitForGivenUpAsync();
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task An_answer_that_begins_and_does_not_end_has_the_same_five_seconds()
    {
        WebhookServer server = null!;
        await using var started = server = await WebhookServer.StartAsync(async (context, _) =>
        {
            await context.Response.WriteAsync("""{"iotHubHostName":""", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await server.HangAsync(context);
        });
        var asking = AskAsync(server);
        await PassThreeAsync(server, asking);
        Assert.Contains("did not answer within 5 s", Assert.IsType<CustomAllocationAnswer.Failed>(await asking).Detail, StringComparison.Ordinal);
        await server.WaitForGivenUpAsync();
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_may_pass_is_asked_about_again(int status)
    {
        await using var server = await WebhookServer.StartAsync((context, number) => AnswerAsync(context, number < 3 ? status : 200));
        var asking = AskAsync(server);
        await _time.SetAsync(2, Stop);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _time.SetAsync(4, Stop);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.IsType<CustomAllocationAnswer.Chosen>(await asking);
        Assert.Equal(3, server.Requests.Count);
        Assert.Single(server.Requests.Distinct());
    }

    [Fact]
    public async Task After_three_refusals_the_last_is_told()
    {
        await using var server = await WebhookServer.StartAsync((context, number) => AnswerAsync(context, 500 + number));
        var asking = AskAsync(server);
        await _time.SetAsync(2, Stop);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _time.SetAsync(4, Stop);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("The webhook at localhost: It answered 503.", Assert.IsType<CustomAllocationAnswer.Failed>(await asking).Detail);
    }

    [Theory]
    [InlineData(400, "It answered 400.")]
    [InlineData(401, "It answered 401.")]
    [InlineData(404, "It answered 404.")]
    [InlineData(301, "redirects are not followed")]
    [InlineData(302, "redirects are not followed")]
    [InlineData(307, "redirects are not followed")]
    [InlineData(308, "redirects are not followed")]
    public async Task What_will_not_pass_is_asked_about_once_and_no_redirect_is_followed(int status, string expected)
    {
        await using var server = await WebhookServer.StartAsync((context, number) =>
        {
            context.Response.Headers.Location = "/elsewhere";
            return AnswerAsync(context, number == 1 ? status : 200);
        });
        Assert.Contains(expected, Assert.IsType<CustomAllocationAnswer.Failed>(await AskAsync(server)).Detail, StringComparison.Ordinal);
        Assert.StartsWith("POST /allocate ", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task A_wrong_answer_is_explained_and_not_asked_for_again(string body, string expected)
    {
        await using var server = await WebhookServer.SayingAsync(body);
        Assert.Contains(expected, Assert.IsType<CustomAllocationAnswer.Failed>(await AskAsync(server)).Detail, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(64 * 1024, false, null)]
    [InlineData((64 * 1024) + 1, false, "longer than 64 KB")]
    [InlineData((64 * 1024) + 1, true, "longer than 64 KB")]
    public async Task No_more_than_64_KB_are_read(int length, bool isChunked, string? expected)
    {
        await using var server = await WebhookServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentLength = isChunked ? null : length;
            await context.Response.WriteAsync(Chosen + new string(' ', length - Chosen.Length), context.RequestAborted);
        });
        var answer = await AskAsync(server);
        Assert.Equal(expected is null, answer is CustomAllocationAnswer.Chosen);
        Assert.Contains(expected ?? "", (answer as CustomAllocationAnswer.Failed)?.Detail ?? "", StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up_at_the_bound()
    {
        var written = 0L;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await WebhookServer.StartAsync(async (context, _) =>
        {
            try
            {
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(new byte[4096], context.RequestAborted);
                    written += 4096;
                }
            }
            finally
            {
                ended.SetResult();
            }
        });
        Assert.Contains("longer than 64 KB", Assert.IsType<CustomAllocationAnswer.Failed>(await AskAsync(server)).Detail, StringComparison.Ordinal);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.InRange(written, 64 * 1024, 64L * 1024 * 1024);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::1]")]
    public async Task No_connection_is_made_to_an_address_inside_whatever_name_leads_there(string host)
    {
        await using var server = await WebhookServer.SayingAsync(Chosen);
        var answer = await AskAsync(server, new Uri($"https://{host}:{server.Port}/allocate"), networks: ["10.0.0.0/8"]);
        Assert.Contains("has no address that requests may go to", Assert.IsType<CustomAllocationAnswer.Failed>(answer).Detail, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_server_below_another_root_or_of_another_name_gets_no_question()
    {
        await using var server = await WebhookServer.SayingAsync(Chosen);
        using var other = TestAuthority.CreateRoot("Other root");
        foreach (var (url, root) in new[] { (server.Url, other.Own), (new Uri($"https://127.0.0.1:{server.Port}/"), server.Root) })
        {
            var before = _time.Count;
            var asking = AskAsync(server, url, root);
            await _time.SetAsync(before + 2, Stop);
            _time.Advance(TimeSpan.FromSeconds(1));
            await _time.SetAsync(before + 4, Stop);
            _time.Advance(TimeSpan.FromSeconds(3));
            Assert.Contains("No secure connection can be made", Assert.IsType<CustomAllocationAnswer.Failed>(await asking).Detail, StringComparison.Ordinal);
        }

        Assert.Empty(server.Requests);
        Assert.Equal(6, server.Connections);
    }

    [Fact]
    public async Task What_is_told_of_a_failure_holds_nothing_of_the_path_or_query()
    {
        await using var server = await WebhookServer.StartAsync((context, _) => AnswerAsync(context, 403));
        Assert.DoesNotContain("secret", Assert.IsType<CustomAllocationAnswer.Failed>(await AskAsync(server)).Detail, StringComparison.Ordinal);
    }

    private static Task AnswerAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(Chosen, context.RequestAborted);
    }

    // Each try sets a timer for its limit and, but for the last, one for the pause after it.
    private async Task PassThreeAsync(WebhookServer server, Task asking)
    {
        foreach (var (request, pause) in new[] { (1, 1), (2, 3), (3, 0) })
        {
            await server.WaitForHangingAsync(request);
            var set = _time.Count;
            _time.Advance(AllocationWebhook.Limit - TimeSpan.FromMilliseconds(1));
            Assert.False(asking.IsCompleted);
            Assert.Equal(set, _time.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            if (pause > 0)
            {
                await _time.SetAsync(set + 1, Stop);
                _time.Advance(TimeSpan.FromSeconds(pause));
            }
        }
    }

    private async Task<CustomAllocationAnswer> AskAsync(WebhookServer server, Uri? url = null, TestCertificate? root = null, string[]? networks = null)
    {
        using var trusted = X509CertificateLoader.LoadCertificate((root ?? server.Root).Der.Span);
        var addresses = new OutgoingAddresses([.. (networks ?? ["127.0.0.0/8"]).Select(IPNetwork.Parse)]);
        using var http = OutgoingHttp.ToWebhooks(new OutgoingTrust([trusted]), addresses);
        return await new AllocationWebhook(http, _time).AskAsync(Question(url ?? server.Url), Stop);
    }

    private CustomAllocationQuestion Question(Uri url)
    {
        Assert.True(Provisioning.RegistrationId.TryParse("dev-01", out var id));
        Assert.True(CertificateChain.TryCreate(_leaf.Der, [], out var chain, out _));
        Assert.True(Authenticate.TryByCertificate(id, chain, out var device, out _));
        var enrollment = new Enrollment
        {
            Key = EnrollmentKey.Individual(id),
            Mechanism = new AttestationMechanism.Leaves(new CertificateSlots(_leaf.Certificate, null)),
            AllocationPolicy = AllocationPolicy.Custom,
            CustomAllocation = new CustomAllocation(url, "2021-10-01"),
            ETag = "1",
            Created = _time.GetUtcNow(),
            LastUpdated = _time.GetUtcNow(),
        };
        var attestation = new DeviceAttestation(
            new ChainPolicy(new ChainPolicyOptions(), new SignatureCache()), new TpmIdentityKeys(new byte[TpmIdentityKeys.SecretLength]));
        var verdict = attestation.Attest(device, new EnrollmentCandidates(enrollment, null, []), TimeProvider.System.GetUtcNow());
        return new CustomAllocationQuestion
        {
            Verdict = Assert.IsType<AttestationVerdict.Accepted>(verdict),
            Eligible = ["hub-a.example", "hub-b.example"],
            Payload = JsonDocument.Parse("""{"serial":7}""").RootElement,
        };
    }
}
