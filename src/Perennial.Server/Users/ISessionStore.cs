namespace Perennial.Server.Users;

/// <summary>Storage of sessions.</summary>
internal interface ISessionStore
{
    /// <summary>Starts a session and forgets the failed attempts.</summary>
    /// <param name="token">SHA-256 of its token.</param>
    /// <param name="user">Who signed in.</param>
    /// <param name="codeStep">The step of the code that was used; null for none.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    /// <returns>False when the code was used already, or the user is gone.</returns>
    Task<bool> StartAsync(byte[] token, UserName user, long? codeStep, CancellationToken cancellationToken);

    /// <summary>The session, when it was seen after this moment.</summary>
    Task<Session?> FindAsync(byte[] token, DateTimeOffset seenAfter, CancellationToken cancellationToken);

    /// <summary>Notes a request of the session.</summary>
    Task NoteAsync(byte[] token, CancellationToken cancellationToken);

    Task EndAsync(byte[] token, CancellationToken cancellationToken);
}
