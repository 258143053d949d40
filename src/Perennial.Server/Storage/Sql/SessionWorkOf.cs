namespace Perennial.Server.Storage.Sql;

/// <summary>Work with a result.</summary>
internal sealed class SessionWork<T>(Func<SqlSession, T> work) : SessionWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override void Run(SqlSession session) => _result = work(session);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Fail(Exception exception) => _done.TrySetException(exception);
}
