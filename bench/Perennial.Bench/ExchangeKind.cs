using Perennial.Bench.Exchanges;
using Perennial.Bench.Servers;

namespace Perennial.Bench;

/// <summary>One thing to measure.</summary>
/// <param name="Certificate">Which kind of enrollment the certificate belongs to.</param>
/// <param name="Name">What happens.</param>
/// <param name="Server">Whose CPU time counts.</param>
/// <param name="IsBare">Whether it is what the others of its certificate are compared with.</param>
/// <param name="ApplyAsync">Makes this many devices that may run it once.</param>
/// <param name="RunAsync">Runs it.</param>
internal sealed record ExchangeKind(
    string Certificate,
    string Name,
    ChildServer Server,
    bool IsBare,
    Func<int, Task<IReadOnlyList<Applicant>>> ApplyAsync,
    Func<Applicant, Task> RunAsync);
