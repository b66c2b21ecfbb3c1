namespace Balsa.Cli.Commands.Sim;

/// <summary>Of the mutants of one layer: how many mistakes there were, how many were caught, and how many variants were none.</summary>
internal sealed class LayerCount
{
    internal int Planted { get; set; }

    internal int Caught { get; set; }

    internal int LegalVariants { get; set; }
}
