namespace Perennial.Storage.Tests.Impact;

/// <summary>Choices that were drawn beforehand, so that a run can be repeated and shrunk.</summary>
internal sealed class Tape(int[] drawn)
{
    private int _next;

    /// <summary>One of 0 to <paramref name="count"/> − 1.</summary>
    public int Choose(int count) => drawn[_next++ % drawn.Length] % count;

    public bool OneIn(int count) => Choose(count) == 0;

    public T Pick<T>(IReadOnlyList<T> items) => items[Choose(items.Count)];
}
