using Perennial.Server.Limits;

namespace Perennial.Server.Users;

/// <summary>Signs a local user in by name, password and one-time code.</summary>
internal sealed class SignIn(IUserStore users, ISessionStore sessions, TimeProvider time)
{
    // Hashing a password is made to cost: whoever asks for it without end gets a few a second.
    private readonly TokenBucket _attempts = new(RateLimit.Of(5, TimeSpan.FromSeconds(1), burst: 20), time);

    public async Task<SignInOutcome> RunAsync(string? name, string? password, string? code, CancellationToken cancellationToken)
    {
        if (!_attempts.TryTake(out var wait))
        {
            return new SignInOutcome.Busy(wait);
        }

        if (!UserName.TryParse(name, out var userName))
        {
            return new SignInOutcome.Wrong(Attempts.Free);
        }

        var attempts = await users.FindAttemptsAsync(userName, cancellationToken);
        if (attempts.IsLockedAt(time.GetUtcNow()))
        {
            return new SignInOutcome.Locked(attempts.LockedUntil);
        }

        // The attempt counts as failed before it is looked at, so that many at once are no way around the lock.
        var failed = await users.NoteFailureAsync(userName, cancellationToken);
        if (failed.Failures - attempts.Failures > 1 && failed.IsLockedAt(time.GetUtcNow()))
        {
            return new SignInOutcome.Locked(failed.LockedUntil);
        }

        return await CheckAsync(userName, password, code, cancellationToken) is { } token
            ? new SignInOutcome.SignedIn(token)
            : failed.IsLockedAt(time.GetUtcNow())
                ? new SignInOutcome.Locked(failed.LockedUntil)
                : new SignInOutcome.Wrong(Attempts.Free + 1 - failed.Failures);
    }

    private async Task<OneTimeToken?> CheckAsync(UserName name, string? password, string? code, CancellationToken cancellationToken)
    {
        var user = await users.FindAsync(name, cancellationToken);
        var isPassword = (user?.Password ?? PasswordHash.OfNobody).Matches(password ?? string.Empty);
        var step = user?.Codes?.Match(code ?? string.Empty, time.GetUtcNow());
        var token = OneTimeToken.Fresh();
        return user is not null && isPassword && (user.Codes is null || step is not null)
            && await sessions.StartAsync(token.Hash, user.Name, step, cancellationToken)
                ? token
                : null;
    }
}
