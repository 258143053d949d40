using Perennial.Architecture.Tests.Cyclic.Chicken;

namespace Perennial.Architecture.Tests.Cyclic.Egg;

/// <summary>The other half of the cycle that the slice rule must find.</summary>
internal sealed class Shell
{
    public Hen? LaidBy { get; init; }
}
