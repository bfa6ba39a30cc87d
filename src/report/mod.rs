//! An analysed incident as what people read.
