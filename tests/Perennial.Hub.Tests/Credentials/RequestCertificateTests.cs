using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Perennial.Hub.Credentials;
using Perennial.Hub.Sessions;
using Perennial.Hub.Tests.Fakes;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Hub.Tests.Credentials;

/// <summary>One request of a device at a time (hub-protocol §7.3).</summary>
public sealed class RequestCertificateTests : IAsyncLifetime
{
    private static readonly Refusal Refusal = new(HubRefusals.NoCredential, "test");

    private readonly World _world = new();
    private readonly WatchedTime _time = new();
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev");
    private readonly ScriptedIssuance _issuance = new();
    private readonly List<Refusal> _notes = [];
    private readonly List<Exception> _faults = [];
    private readonly CertificateSigningRequest _request = TestSigningRequest.Make("dev");
    private RequestCertificate _requests = null!;
    private DeviceVerdict.Accepted _device = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _requests = new RequestCertificate(_issuance, (refusal, _) => _notes.Add(refusal), _faults.Add, _time);
        await _world.AddFollowerAsync("dev", _leaf.Certificate);
        _device = Assert.IsType<DeviceVerdict.Accepted>(await _world.Authenticate.RunAsync(World.Id("dev"), World.With(_leaf), Stop));
    }

    public ValueTask DisposeAsync()
    {
        _requests.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_request_is_accepted_and_its_result_waits_until_it_is_dropped()
    {
        var operation = Accepted(Run("req-1"));
        var issued = new CredentialAnswer.Issued([_leaf.Certificate]);
        await _issuance.SayAsync(issued);
        Assert.Same(issued, await operation.Answer);
        Assert.Same(operation, _requests.Find(World.Id("dev")));
        _time.Advance(RequestCertificate.Lifetime);
        Assert.Null(_requests.Find(World.Id("dev")));
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_operation_pending_or_done()
    {
        var operation = Accepted(Run("req-1"));
        Assert.Same(operation, Accepted(Run("req-1")));
        await _issuance.SayAsync(new CredentialAnswer.Issued([_leaf.Certificate]));
        await operation.Answer;
        Assert.Same(operation, Accepted(Run("req-1")));
        Assert.Equal(1, _issuance.Asked);
    }

    [Fact]
    public void Another_request_while_one_is_pending_is_told_of_it()
    {
        var operation = Accepted(Run("req-1"));
        Assert.Same(operation, Assert.IsType<CredentialOutcome.Active>(Run("req-2")).Operation);
        Assert.Same(operation, Assert.IsType<CredentialOutcome.NothingToReplace>(Run("req-2", replace: "req-9")).Operation);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("req-1")]
    public async Task A_request_replaces_the_pending_one_that_it_names(string replace)
    {
        var first = Accepted(Run("req-1"));
        await _issuance.TakenAsync();
        var second = Accepted(Run("req-2", replace));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Answer);
        Assert.Same(second, _requests.Find(World.Id("dev")));
    }

    [Fact]
    public async Task What_is_not_pending_cannot_be_replaced_and_is_no_hindrance()
    {
        Assert.Null(Assert.IsType<CredentialOutcome.NothingToReplace>(Run("req-1", replace: "req-0")).Operation);
        var first = Accepted(Run("req-1", replace: "*"));
        await _issuance.SayAsync(new CredentialAnswer.Failed(CredentialFailure.Refused, Refusal, null));
        await first.Answer;
        Assert.Equal([Refusal], _notes);
        Assert.NotSame(first, Accepted(Run("req-2")));
    }

    [Fact]
    public async Task A_request_that_was_refused_is_made_anew_when_it_comes_again()
    {
        var first = Accepted(Run("req-1"));
        var later = new CredentialAnswer.Failed(CredentialFailure.Throttled, Refusal, TimeSpan.FromSeconds(5));
        await _issuance.SayAsync(later);
        Assert.Same(later, await first.Answer);
        var second = Accepted(Run("req-1", replace: "*"));
        Assert.NotSame(first, second);
        var issued = new CredentialAnswer.Issued([_leaf.Certificate]);
        await _issuance.SayAsync(issued);
        Assert.Same(issued, await second.Answer);
    }

    [Fact]
    public async Task A_refusal_waits_until_the_device_was_told_and_a_certificate_also_after_that()
    {
        var id = World.Id("dev");
        var operation = Accepted(Run("req-1"));
        _requests.NoteTold(id, operation);
        Assert.Same(operation, _requests.Find(id));
        await _issuance.SayAsync(new CredentialAnswer.Failed(CredentialFailure.Refused, Refusal, null));
        await operation.Answer;
        Assert.Same(operation, _requests.Find(id));
        var next = Accepted(Run("req-2"));
        _requests.NoteTold(id, operation);
        Assert.Same(next, _requests.Find(id));
        await _issuance.SayAsync(new CredentialAnswer.Issued([_leaf.Certificate]));
        await next.Answer;
        _requests.NoteTold(id, next);
        Assert.Same(next, _requests.Find(id));
        await RefuseAsync("req-3");
        Assert.Null(_requests.Find(id));
    }

    [Fact]
    public async Task An_authority_that_decides_later_is_asked_again_until_it_has()
    {
        var operation = Accepted(Run("req-1"));
        await _issuance.SayAsync(new CredentialAnswer.NotDecided(TimeSpan.FromMinutes(5)));
        await _time.WaitedForAsync();
        _time.Advance(TimeSpan.FromMinutes(5));
        var issued = new CredentialAnswer.Issued([_leaf.Certificate]);
        await _issuance.SayAsync(issued);
        Assert.Same(issued, await operation.Answer);
        Assert.Equal(2, _issuance.Asked);
    }

    [Fact]
    public async Task A_fault_of_the_service_is_told_and_the_request_goes_on()
    {
        var operation = Accepted(Run("req-1"));
        await _issuance.FailAsync(new InvalidDataException("test"));
        await _time.WaitedForAsync();
        Assert.Equal("test", Assert.Single(_faults).Message);
        _time.Advance(RequestCertificate.PauseAfterFault);
        var issued = new CredentialAnswer.Issued([_leaf.Certificate]);
        await _issuance.SayAsync(issued);
        Assert.Same(issued, await operation.Answer);
    }

    [Fact]
    public async Task A_request_that_is_not_decided_in_time_is_dropped()
    {
        var operation = Accepted(Run("req-1"));
        await _issuance.SayAsync(new CredentialAnswer.NotDecided(RequestCertificate.Lifetime * 2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => operation.Answer);
        Assert.Null(_requests.Find(World.Id("dev")));
    }

    private async Task RefuseAsync(string requestId)
    {
        var operation = Accepted(Run(requestId));
        await _issuance.SayAsync(new CredentialAnswer.Failed(CredentialFailure.Refused, Refusal, null));
        await operation.Answer;
        _requests.NoteTold(World.Id("dev"), operation);
    }

    private CredentialOutcome Run(string requestId, string? replace = null) => _requests.Run(_device, requestId, _request, replace);

    private static CredentialOperation Accepted(CredentialOutcome outcome) => Assert.IsType<CredentialOutcome.Accepted>(outcome).Operation;

    /// <summary>A clock that tells when somebody waits for it.</summary>
    private sealed class WatchedTime : FakeTimeProvider
    {
        private readonly Channel<ITimer> _timers = Channel.CreateUnbounded<ITimer>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _timers.Writer.TryWrite(timer);
            return timer;
        }

        public async Task WaitedForAsync() => await _timers.Reader.ReadAsync(Stop);
    }

    private sealed class ScriptedIssuance : ICredentialIssuance
    {
        private readonly Channel<Func<CredentialAnswer>> _answers = Channel.CreateUnbounded<Func<CredentialAnswer>>();
        private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public async Task<CredentialAnswer> IssueAsync(DeviceVerdict.Accepted device, CertificateSigningRequest request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            _taken.TrySetResult();
            return (await _answers.Reader.ReadAsync(cancellationToken))();
        }

        public Task TakenAsync() => _taken.Task;

        public ValueTask SayAsync(CredentialAnswer answer) => _answers.Writer.WriteAsync(() => answer);

        public ValueTask FailAsync(Exception exception) => _answers.Writer.WriteAsync(() => throw exception);
    }
}
