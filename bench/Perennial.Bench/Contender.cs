using Perennial.Bench.Servers;

namespace Perennial.Bench;

/// <summary>One thing whose server CPU is measured beside others.</summary>
/// <param name="Name">What happens, to which server.</param>
/// <param name="Server">Whose CPU time counts.</param>
/// <param name="PrepareAsync">Makes ready for so many exchanges, which does not count; what it returns runs them.</param>
internal sealed record Contender(string Name, ChildServer Server, Func<int, Task<Func<Task>>> PrepareAsync);
